// Every metric of the operator: name, help, labels and their values. The registry, its types and the docs page come from here.
import { CAUSES, type CauseClass } from "../api/causes.ts";
import { INCIDENT_PHASES } from "../api/incident.ts";
import { BRAKE_REASONS, type BrakeReason, FINDING_REASONS, type FindingReason } from "../api/reasons.ts";
import { GUARD_PHASES } from "../api/rollout-guard.ts";
import { type LabelDescription, type MetricDescription, openLabel } from "./metric-description.ts";

/** The outcome of a rollback. `sent` counts each one; the others say how it ended, or why it was not sent. */
const ROLLBACK_OUTCOMES = [
  "sent",
  "recovered",
  "not_recovered",
  "superseded",
  "conflict",
  "refused",
] as const;
export type RollbackOutcome = (typeof ROLLBACK_OUTCOMES)[number];

/** How a reconcile ended. */
const RECONCILE_RESULTS = ["success", "conflict", "terminal", "error"] as const;
export type ReconcileResult = (typeof RECONCILE_RESULTS)[number];

/** The resources that the operator watches. */
const WATCHED_RESOURCES = [
  "rolloutguards",
  "incidents",
  "deployments",
  "replicasets",
  "pods",
  "services",
  "endpointslices",
  "endpoints",
  "events",
] as const;

/** Why a watch was restarted. */
const WATCH_RESTART_REASONS = [
  "closed",
  "expired",
  "silent",
  "throttled",
  "refused",
  "network",
  "restored",
  "error",
] as const;

const API_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const API_CODES = [
  "200",
  "201",
  "400",
  "401",
  "403",
  "404",
  "409",
  "410",
  "422",
  "429",
  "500",
  "503",
  "504",
  "other",
  "none",
] as const;

/** How a query to a metric source ended. */
export const QUERY_RESULTS = [
  "success",
  "unreachable",
  "timeout",
  "tls",
  "unauthorized",
  "status",
  "partial",
  "too_large",
  "not_asked",
] as const;
export type QueryResultLabel = (typeof QUERY_RESULTS)[number];

const SECONDS_OF_AN_INCIDENT = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800];
const LOST_ENDPOINT_SECONDS = [0, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000];
const SECONDS_OF_WORK = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const closed = <const T extends readonly string[]>(help: string, values: T) =>
  ({ help, values }) satisfies LabelDescription;
const words = <T extends string>(table: Record<T, string>) => Object.keys(table) as T[];

const namespace = openLabel("The namespace of the Service.");
/** In what an Incident without a brake has no reason. */
const NO_BRAKE = "";

/** The table. Keys are how the code names a metric: `metrics.incidents.count({ reason })`. */
export const METRICS = {
  incidents: {
    type: "counter",
    name: "rolloutguard_incidents_total",
    help: "Incidents opened for failed rollouts, by the reason of the failure.",
    labels: { reason: closed("Why the rollout failed.", words<FindingReason>(FINDING_REASONS)) },
  },
  causes: {
    type: "counter",
    name: "rolloutguard_incident_causes_total",
    help: "Incidents by the class of their root cause; Unknown if no cause was found.",
    labels: { cause: closed("Class of the root cause.", words<CauseClass>(CAUSES)) },
  },
  rollbacks: {
    type: "counter",
    name: "rolloutguard_rollbacks_total",
    help: "Rollbacks by outcome: sent (each rollback), recovered, not_recovered or superseded (how it ended), conflict (not sent because the Deployment had changed), refused (an attempt that the API server rejected).",
    labels: { outcome: closed("The outcome of the rollback.", ROLLBACK_OUTCOMES) },
  },
  rollbacksInProgress: {
    type: "gauge",
    name: "rolloutguard_rollbacks_in_progress",
    help: "Rollbacks that were sent and have not ended yet.",
    labels: {},
  },
  brakes: {
    type: "counter",
    name: "rolloutguard_brakes_total",
    help: "Failed rollouts that were not rolled back, by the brake that prevented it.",
    labels: { reason: closed("The brake that prevented the rollback.", words<BrakeReason>(BRAKE_REASONS)) },
  },
  openIncidents: {
    type: "gauge",
    name: "rolloutguard_open_incidents",
    help: "1 for each open Incident, and for an Incident NotRecovered that is the newest of its guard.",
    labels: {
      namespace: openLabel("The namespace of the workload."),
      workload: openLabel("The name of the workload."),
      phase: closed("The phase of the Incident.", INCIDENT_PHASES),
      reason: openLabel("Why the rollout failed, or ManualRollback."),
      brake: closed("The brake that prevents a rollback; empty if none applies.", [
        NO_BRAKE,
        ...words<BrakeReason>(BRAKE_REASONS),
      ]),
    },
  },
  secondsToDetect: {
    type: "histogram",
    name: "rolloutguard_detection_seconds",
    help: "Seconds from the start of a rollout until RolloutGuard found that it fails.",
    labels: {},
    buckets: SECONDS_OF_AN_INCIDENT,
  },
  secondsToRecover: {
    type: "histogram",
    name: "rolloutguard_recovery_seconds",
    help: "Seconds from detection until service was restored, for rollbacks that recovered.",
    labels: {},
    buckets: SECONDS_OF_AN_INCIDENT,
  },
  lostEndpointSeconds: {
    type: "histogram",
    name: "rolloutguard_incident_lost_endpoint_seconds",
    help: "Service lost per ended Incident: the ready endpoints missing compared with before the rollout, times the seconds they were missing.",
    labels: {},
    buckets: LOST_ENDPOINT_SECONDS,
  },
  guards: {
    type: "gauge",
    name: "rolloutguard_guards",
    help: "Current number of RolloutGuards, by phase.",
    labels: { phase: closed("The phase of the guard.", GUARD_PHASES) },
  },
  readyEndpoints: {
    type: "gauge",
    name: "rolloutguard_ready_endpoints",
    help: "Current number of ready endpoints of each Service that a guard watches.",
    labels: { namespace, service: openLabel("The name of the Service.") },
  },
  reconciles: {
    type: "counter",
    name: "controller_runtime_reconcile_total",
    help: "Reconciles by result: success, conflict (an object had changed or a watch was interrupted; retried at once), terminal (the API server rejects the change), error (retried with back-off).",
    labels: { result: closed("How the reconcile ended.", RECONCILE_RESULTS) },
  },
  reconcileSeconds: {
    type: "histogram",
    name: "controller_runtime_reconcile_time_seconds",
    help: "Seconds per reconcile of a guard, including its requests to the API server.",
    labels: { result: closed("How the reconcile ended.", RECONCILE_RESULTS) },
    buckets: SECONDS_OF_WORK,
  },
  queueDepth: {
    type: "gauge",
    name: "workqueue_depth",
    help: "Current number of guards waiting to be reconciled.",
    labels: {},
  },
  queueSeconds: {
    type: "histogram",
    name: "workqueue_queue_duration_seconds",
    help: "Seconds that a guard waited in the queue before it was reconciled.",
    labels: {},
    buckets: SECONDS_OF_WORK,
  },
  watchLagSeconds: {
    type: "gauge",
    name: "rolloutguard_watch_lag_seconds",
    help: "Seconds by which the cached data of a resource lags behind the cluster; 0 if up to date. From 60 on, guards that need it are not Ready.",
    labels: { resource: closed("The resource that is watched.", WATCHED_RESOURCES) },
  },
  watchRestarts: {
    type: "counter",
    name: "rolloutguard_watch_restarts_total",
    help: "Watch restarts, by reason: closed by the server, expired (410), silent (no data for too long), throttled (429), refused (401, 403), network failure, restored (the API server returned to an earlier state), other error.",
    labels: {
      resource: closed("The resource that is watched.", WATCHED_RESOURCES),
      reason: closed("Why the watch was restarted.", WATCH_RESTART_REASONS),
    },
  },
  apiRequests: {
    type: "counter",
    name: "rest_client_requests_total",
    help: "Requests to the API server, by method and status code.",
    labels: {
      method: closed("The HTTP method.", API_METHODS),
      code: closed(
        "The HTTP status code; `other` for a rare one, `none` if there was no response.",
        API_CODES,
      ),
    },
  },
  cacheObjects: {
    type: "gauge",
    name: "rolloutguard_cache_objects",
    help: "Current number of objects in RolloutGuard's caches, by resource.",
    labels: { resource: closed("The resource that is cached.", WATCHED_RESOURCES) },
  },
  metricQueries: {
    type: "counter",
    name: "rolloutguard_metric_queries_total",
    help: "Queries to metric sources, by result: success, unreachable, timeout, tls, unauthorized (401, 403 or unusable credentials), status (another HTTP status), partial (the source warned that the result is incomplete), too_large (more than 1 MiB), not_asked (the source had failed too often).",
    labels: {
      source: openLabel("The name of the metric source."),
      result: closed("How the query ended.", QUERY_RESULTS),
    },
  },
  metricSourcesUpToDate: {
    type: "gauge",
    name: "rolloutguard_metric_sources_up_to_date",
    help: "1 if RolloutGuard uses the metric sources of its file, or has no such file; 0 if the file is invalid or cannot be read and the sources before it are still used.",
    labels: {},
  },
  leader: {
    type: "gauge",
    name: "leader_election_master_status",
    help: "1 if this instance is the leader, 0 if it is on standby. Only with --leader-election.",
    labels: { name: openLabel("The name of the Lease.") },
  },
  buildInfo: {
    type: "gauge",
    name: "rolloutguard_build_info",
    help: "Always 1. The labels carry the versions of RolloutGuard and Node.js.",
    labels: {
      version: openLabel("The version of RolloutGuard."),
      node: openLabel("The version of Node.js."),
    },
  },
} as const satisfies Record<string, MetricDescription>;

/** The `code` label for a status code; "none" stands for a request that got no answer. */
export function apiCodeLabel(status: number | "none"): (typeof API_CODES)[number] {
  return API_CODES.find((code) => code === String(status)) ?? "other";
}
