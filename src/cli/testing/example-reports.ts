// What snapshots are made of: a guard, an Incident and a lint report, written out so that no rule changes them.
import type { IncidentView } from "../../domain/snapshot/incident.ts";
import type { GuardReport } from "../../reports/report-types.ts";
import type { LintReport } from "../commands/lint/lint-report.ts";

const at = (time: string) => `2026-01-02T${time}.000Z`;

/** When all of it is looked at (epoch ms). */
export const NOW = Date.parse(at("10:03:00"));

const OLD = { hash: "64f8f9f4bd", revision: 1, images: ["registry.example/checkout:v1"] };
const FAILED = { hash: "6d754cbb87", revision: 2, images: ["registry.example/checkout:v2"] };

export const GUARDS: readonly GuardReport[] = [
  {
    namespace: "shop",
    name: "checkout-service",
    target: "checkout-service",
    mode: "Rollback",
    seenAt: at("10:03:00"),
    phase: "Progressing",
    reason: "RolloutProgressing",
    message: "Rolling out revision 2 (6d754cbb87).",
    reported: { phase: "Progressing", since: at("10:02:00") },
    isUnreported: false,
    running: { ...FAILED, since: at("10:02:00") },
    replicas: { desired: 3, updated: 1, ready: 3, available: 3 },
    good: OLD,
    revisions: [
      { ...FAILED, verdict: "unknown", pods: 1, readyPods: 0 },
      { ...OLD, verdict: "good", since: at("09:00:00"), because: "baked", pods: 3, readyPods: 3 },
    ],
    services: [{ name: "checkout-service", readyEndpoints: 3 }],
    findings: [
      {
        check: "readiness",
        verdict: "pending",
        reason: "NotReady",
        message:
          "1 of 1 pod is not ready yet: Readiness probe failed: HTTP probe failed with statuscode: 500",
        since: at("10:02:30"),
        until: at("10:05:00"),
      },
    ],
    unknown: [],
    checks: [
      {
        name: "metrics/errors",
        state: "Pending",
        message: "12 of 210 (5.7%) against 3 of 1,840 (0.2%), fails in 15s",
        at: at("10:02:48"),
        since: at("10:02:48"),
      },
      {
        name: "http/api",
        state: "Waiting",
        message: "no new pod is ready for long enough",
        at: at("10:02:48"),
      },
    ],
    nextCheckAt: at("10:05:00"),
    risks: ["No Service is bound to the Deployment."],
    lastIncident: undefined,
  },
  {
    namespace: "shop",
    name: "basket",
    target: "basket",
    mode: "Observe",
    seenAt: at("10:03:00"),
    phase: "Failing",
    reason: "EmptyEndpoints",
    message: "Service basket has no ready endpoints.",
    reported: { phase: "Healthy", since: at("09:00:00") },
    isUnreported: true,
    running: { ...FAILED, since: at("10:00:00"), completedAt: at("10:01:00") },
    replicas: { desired: 2, updated: 2, ready: 2, available: 2 },
    good: OLD,
    revisions: [],
    services: [{ name: "basket", readyEndpoints: 0 }],
    findings: [],
    unknown: [],
    risks: [],
    openIncident: "basket-6d754cbb87",
    lastIncident: {
      name: "basket-6d754cbb87",
      phase: "Held",
      reason: "EmptyEndpoints",
      cause: "ServiceSelectorMismatch",
      detectedAt: at("10:01:30"),
    },
  },
];

export const INCIDENT: IncidentView = {
  name: "checkout-service-6d754cbb87",
  uid: "uid",
  spec: {
    guard: { name: "checkout-service", uid: "uid-of-guard" },
    target: { kind: "Deployment", name: "checkout-service", uid: "uid-of-deployment" },
    failedRevision: FAILED,
    restoreRevision: OLD,
    action: "Undo",
    reason: "NotReady",
    message: "1 of 1 pod did not become ready within 30s",
    findings: [
      {
        check: "readiness",
        reason: "NotReady",
        message: "1 of 1 pod did not become ready within 30s",
        since: at("10:00:10"),
        evidence: ["Event Unhealthy (×6) on checkout-service-6d754cbb87-x2x7q: connection refused"],
      },
    ],
    lastWords: { pod: "checkout-service-6d754cbb87-x2x7q", container: "app", lines: ["listening on 8080"] },
    rolloutStartedAt: at("10:00:00"),
    detectedAt: at("10:00:40"),
  },
  status: {
    phase: "Recovered",
    message: "Revision 3 (64f8f9f4bd) is serving again.",
    rootCause: "The readiness probe of container app uses port 80; the application listens on 8080.",
    remedy: "Point the readiness probe at port 8080.",
    patch: "kubectl patch deployment checkout-service -n shop --type=strategic -p '{}'",
    changes: ["container app: readiness probe GET http :8080/healthz → GET http :80/healthz"],
    timeline: [
      { at: at("10:00:40"), what: "Detected", message: "NotReady: 1 of 1 pod did not become ready." },
      { at: at("10:00:41"), what: "RollingBack", message: "Rolling back to revision 1 (64f8f9f4bd)." },
      { at: at("10:01:10"), what: "Recovered", message: "Revision 3 (64f8f9f4bd) is serving again." },
    ],
    steps: [{ action: "Undo", startedAt: at("10:00:41"), to: 1, from: 2 }] as never,
    endedAt: at("10:01:10"),
    lostEndpointSeconds: 0,
  },
};

export const LINT: LintReport = {
  findings: [
    {
      rule: "service-selector",
      severity: "error",
      kind: "Service",
      namespace: "",
      name: "checkout-service",
      place: { source: "k8s/service.yaml", line: 6, column: 5 },
      message:
        "Service checkout-service selects tier=backend; the pods of Deployment checkout-service do not have that. It gets no endpoints.",
      fix: "Write `tier: backend` into the labels of the pod template of Deployment checkout-service.",
    },
  ],
  counts: { error: 1, warning: 0, info: 2 },
  suppressed: 1,
  problems: [
    {
      place: { source: "k8s/broken.yaml", line: 2, column: 1 },
      message: "no valid YAML: a map is not closed",
    },
  ],
  notes: ["left out 1 patch of kustomize"],
  objects: 3,
};
