// Every metric of the operator: name, meaning, labels and their values. The registry, its types and the docs page come from here.
import { CAUSES, type CauseClass } from "../api/causes.ts";
import { BRAKE_REASONS, type BrakeReason, FINDING_REASONS, type FindingReason } from "../api/reasons.ts";
import { GUARD_PHASES } from "../api/rollout-guard.ts";
import { type LabelDescription, type MetricDescription, openLabel } from "./metric-description.ts";

/** How a rollback went. `sent` counts each one; the other words tell how those ended, or why one was not sent. */
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

/** What the operator watches. */
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

/** Why a watch was begun again. */
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

const SECONDS_OF_AN_INCIDENT = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200, 1800];
const LOST_ENDPOINT_SECONDS = [0, 1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000];
const SECONDS_OF_WORK = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

const closed = <const T extends readonly string[]>(says: string, values: T) =>
  ({ says, values }) satisfies LabelDescription;
const words = <T extends string>(table: Record<T, string>) => Object.keys(table) as T[];

const namespace = openLabel("The namespace.");

/** The table. Keys are how the code names a metric: `metrics.incidents.count({ reason })`. */
export const METRICS = {
  incidents: {
    type: "counter",
    name: "rollout_guard_incidents_total",
    help: "Failed rollouts that were recorded as an Incident, by the reason of the failure.",
    labels: { reason: closed("Why the rollout failed.", words<FindingReason>(FINDING_REASONS)) },
  },
  causes: {
    type: "counter",
    name: "rollout_guard_incident_causes_total",
    help: "The same Incidents by the class of their root cause; Unknown where nothing told it.",
    labels: { cause: closed("The class of the root cause.", words<CauseClass>(CAUSES)) },
  },
  rollbacks: {
    type: "counter",
    name: "rollout_guard_rollbacks_total",
    help: "Rollbacks by outcome: sent counts each rollback; recovered, not_recovered and superseded how it ended, once for each; what is left is under way; conflict one that was not sent because the Deployment had changed; refused each try that the API server refused.",
    labels: { outcome: closed("How it went.", ROLLBACK_OUTCOMES) },
  },
  rollbacksUnderWay: {
    type: "gauge",
    name: "rollout_guard_rollbacks_under_way",
    help: "Rollbacks that were sent and of which it is not known yet how they end, now.",
    labels: {},
  },
  brakes: {
    type: "counter",
    name: "rollout_guard_brakes_total",
    help: "Failed rollouts that were not rolled back when they were judged, by the reason that held the operator back.",
    labels: { reason: closed("Which brake applied.", words<BrakeReason>(BRAKE_REASONS)) },
  },
  secondsToDetect: {
    type: "histogram",
    name: "rollout_guard_detection_seconds",
    help: "Seconds from the beginning of a failed rollout to the verdict that it fails.",
    labels: {},
    buckets: SECONDS_OF_AN_INCIDENT,
  },
  secondsToRecover: {
    type: "histogram",
    name: "rollout_guard_recovery_seconds",
    help: "Seconds from the verdict to restored service, for rollbacks that recovered.",
    labels: {},
    buckets: SECONDS_OF_AN_INCIDENT,
  },
  lostEndpointSeconds: {
    type: "histogram",
    name: "rolloutguard_incident_lost_endpoint_seconds",
    help: "Harm of each ended Incident: seconds in which a Service had fewer ready endpoints than before the rollout, times the endpoints that were missing.",
    labels: {},
    buckets: LOST_ENDPOINT_SECONDS,
  },
  guards: {
    type: "gauge",
    name: "rollout_guard_guards",
    help: "RolloutGuards by phase, now.",
    labels: { phase: closed("The phase of the guard.", GUARD_PHASES) },
  },
  readyEndpoints: {
    type: "gauge",
    name: "rollout_guard_ready_endpoints",
    help: "Ready endpoints of each Service that a guard watches, now. 0 means that nobody answers.",
    labels: { namespace, service: openLabel("The name of the Service.") },
  },
  reconciles: {
    type: "counter",
    name: "controller_runtime_reconcile_total",
    help: "Passes over a guard by result: conflict means that an object had changed, or a watch was interrupted, and the guard is looked at again; terminal that the API server refuses what was decided; error that the pass is tried again later.",
    labels: { result: closed("How the pass ended.", RECONCILE_RESULTS) },
  },
  reconcileSeconds: {
    type: "histogram",
    name: "controller_runtime_reconcile_time_seconds",
    help: "Seconds that one pass over a guard took, its calls of the API server included.",
    labels: { result: closed("How the pass ended.", RECONCILE_RESULTS) },
    buckets: SECONDS_OF_WORK,
  },
  queueDepth: {
    type: "gauge",
    name: "workqueue_depth",
    help: "Guards that wait for a worker, now.",
    labels: {},
  },
  queueSeconds: {
    type: "histogram",
    name: "workqueue_queue_duration_seconds",
    help: "Seconds that a guard waited for a worker after something about it had changed.",
    labels: {},
    buckets: SECONDS_OF_WORK,
  },
  behindSeconds: {
    type: "gauge",
    name: "rollout_guard_source_behind_seconds",
    help: "For how many seconds what was read of a resource has not shown the present, now; 0 while it does. From 60 on guards that need it are not Ready.",
    labels: { resource: closed("What is read.", WATCHED_RESOURCES) },
  },
  watchRestarts: {
    type: "counter",
    name: "rollout_guard_watch_restarts_total",
    help: "Watches that ended and were begun again: closed by the server, expired (410), silent for too long, throttled (429), refused (401, 403), network failure, gone back to an earlier state (restored from a backup), any other error.",
    labels: {
      resource: closed("What was watched.", WATCHED_RESOURCES),
      reason: closed("Why it ended.", WATCH_RESTART_REASONS),
    },
  },
  apiRequests: {
    type: "counter",
    name: "rest_client_requests_total",
    help: "Requests to the API server by method and status code; code none means that no answer came.",
    labels: {
      method: closed("The HTTP method.", API_METHODS),
      code: closed("The HTTP status code, `other` for a rare one, `none` without an answer.", API_CODES),
    },
  },
  cacheObjects: {
    type: "gauge",
    name: "rollout_guard_cache_objects",
    help: "Objects in the operator's caches by resource, now.",
    labels: { resource: closed("What is cached.", WATCHED_RESOURCES) },
  },
  leader: {
    type: "gauge",
    name: "leader_election_master_status",
    help: "1 while this instance leads, that is acts, 0 while it stands by. Only with --leader-election.",
    labels: { name: openLabel("The name of the Lease.") },
  },
  buildInfo: {
    type: "gauge",
    name: "rollout_guard_build_info",
    help: "Always 1; the labels say which version of RolloutGuard runs, and on which Node.js.",
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
