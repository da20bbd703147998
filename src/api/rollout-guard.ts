// RolloutGuard: what users write (spec) and read (status). Types, run-time validation and the CRD come from here.
import { z } from "zod";
import { boundedDuration, boundedDurationOrAuto } from "./bounded-duration.ts";
import { CHECK_STATES, type CheckStateWord } from "./check-state.ts";
import { conditionSchema } from "./condition.ts";
import { httpCheckSchema } from "./http-check.ts";
import { LONGEST_UID } from "./longest-uid.ts";
import { metricCheckSchema } from "./metric-check.ts";
import { objectName, objectNameOf } from "./object-name.ts";
import { FINDING_REASONS, type FindingReason } from "./reasons.ts";
import { revisionReferenceSchema } from "./revision-reference.ts";
import { withRule } from "./validation-rule.ts";
import { DEFAULT_WORKLOAD_KIND, WORKLOAD_KINDS } from "./workload-kind.ts";

/**
 * How long a check waits: at least a second, since status takes that long to settle, at most an hour. Auto follows
 * what is at stake (docs/how-it-decides.md): seconds while a Service loses endpoints, minutes while nobody is hurt.
 */
const patience = (says: string) => boundedDurationOrAuto({ says, from: "1s", to: "1h" });

const BY_NAME = { "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] };

const enabled = z.boolean().default(true).describe("Enables the check.");

const checksSchema = z.object({
  crashLoop: z
    .object({
      enabled,
      restarts: z
        .int()
        .min(1)
        .max(100)
        .default(2)
        .describe("Number of restarts that a container is allowed; the next failure is a crash loop."),
      patience: patience(
        "How long a crash loop can last, counted from its first failure. Auto: 0s while a Service has lost endpoints, else 2m30s.",
      ),
    })
    .prefault({})
    .describe("Containers, init containers and sidecars that keep exiting."),
  imagePull: z
    .object({
      enabled,
      patience: patience(
        "How long pulling an image can fail. Auto: 20s; some minutes while the registry throttles or does not respond.",
      ),
    })
    .prefault({})
    .describe("Images that cannot be pulled."),
  configError: z
    .object({
      enabled,
      patience: patience(
        "How long creating a container can fail. Auto: 20s; 2m for a missing Secret or ConfigMap while no Service has lost endpoints.",
      ),
    })
    .prefault({})
    .describe(
      "Containers that cannot be created: a Secret, ConfigMap, key, volume or command does not exist.",
    ),
  createFailed: z
    .object({
      enabled,
      patience: patience(
        "How long the API server can reject pods. Auto: 30s; some minutes for a quota or a webhook that does not respond.",
      ),
    })
    .prefault({})
    .describe("Pods that the API server rejects because of a quota, admission or a security policy."),
  unschedulable: z
    .object({
      enabled,
      patience: patience(
        "How long pods can be unschedulable. Auto: 1m if the rollout changed where its pods can run; some minutes for insufficient resources, which a new node can resolve.",
      ),
    })
    .prefault({})
    .describe("Pods that cannot be scheduled."),
  readiness: z
    .object({
      enabled,
      patience: boundedDurationOrAuto({
        says: "How long a running pod can be unready. Auto: derived from its probes and from how long pods of the good revision took.",
        from: "1s",
        to: "1h",
      }),
    })
    .prefault({})
    .describe("Pods that run but do not become ready."),
  emptyEndpoints: z
    .object({
      enabled,
      for: patience("How long a Service can have no endpoints while pods are ready. Auto: 15s."),
    })
    .prefault({})
    .describe("Services that lost all endpoints although pods of the new revision are ready."),
  podRejected: z
    .object({ enabled, patience: patience("How long nodes can reject every pod. Auto: 45s.") })
    .prefault({})
    .describe("Pods that nodes reject because of what the pod template requests."),
  progressDeadline: z
    .object({ enabled })
    .prefault({})
    .describe("Rollouts that Kubernetes reports as ProgressDeadlineExceeded."),
  degraded: z
    .object({
      enabled,
      for: patience(
        "How long pods that were ready can be unready. Auto: 20s; 2m30s while no Service has lost endpoints.",
      ),
    })
    .prefault({})
    .describe("Pods that were ready and become unready within the bake time."),
  knownBad: z
    .object({ enabled })
    .prefault({})
    .describe(
      "Releases that were rolled back before and are applied again unchanged. They are rolled back at once.",
    ),
  metrics: z
    .array(metricCheckSchema)
    .max(8)
    .meta(BY_NAME)
    .optional()
    .describe("Metrics of the new pods, compared with those of the old pods or with a limit."),
  http: z
    .array(httpCheckSchema)
    .max(4)
    .meta(BY_NAME)
    .optional()
    .describe("Answers of the new pods, compared with those of pods of the good revision."),
});

const target = withRule(
  z.object({
    kind: z
      .enum(WORKLOAD_KINDS)
      .default(DEFAULT_WORKLOAD_KIND)
      .describe("Kind of the workload. Only Deployment is supported."),
    name: objectNameOf("Deployment").describe(
      "Name of the Deployment. It must be in the namespace of the guard.",
    ),
  }),
  {
    rule: "self.name == oldSelf.name",
    message: "the target is immutable; create another RolloutGuard for another Deployment",
  },
);

const services = withRule(z.array(objectNameOf("Service")).max(50), {
  rule: "self.all(name, self.exists_one(other, other == name))",
  message: "must list each Service once; remove the duplicate",
  holds: (names) => new Set(names).size === names.length,
});

const maxRollbacks = withRule(z.int().min(0).max(100), {
  rule: "self > 0",
  message: "must be at least 1; to record Incidents without rolling back, use mode: Observe",
  holds: (count) => count > 0,
});

export const rolloutGuardSpecSchema = z.object({
  target: target.describe("The workload to guard."),
  mode: z
    .enum(["Rollback", "Observe"])
    .default("Rollback")
    .describe(
      "Rollback: restore the last good revision when a rollout fails. Observe: only record Incidents.",
    ),
  freeze: z
    .enum(["OnSuspicion", "Never"])
    .default("OnSuspicion")
    .describe(
      "When RolloutGuard pauses the Deployment. OnSuspicion: while a rollout that it would roll back shows signs of a failure, so that the old pods keep serving until it is decided; also to stop a rollback whose pods do not start. Never: never; for releases that must not run beside the previous one.",
    ),
  services: services
    .optional()
    .describe(
      "Services that must keep endpoints. Defaults to the Services that selected the pods of the last good revision.",
    ),
  bakeTime: boundedDuration({
    says: "How long to watch a completed rollout before its revision counts as good.",
    byDefault: "5m",
    from: "10s",
    to: "24h",
  }),
  rollbackTo: z
    .enum(["LastGood", "Previous"])
    .default("LastGood")
    .describe(
      "LastGood: roll back to the newest revision that is known to be good. Previous: roll back to the revision that ran before the rollout.",
    ),
  checks: checksSchema
    .prefault({})
    .describe("What counts as a failure. Every check has defaults and can be disabled."),
  limits: z
    .object({
      maxRollbacks: maxRollbacks.default(3).describe("Maximum number of rollbacks within the window."),
      window: boundedDuration({
        says: "Period in which rollbacks are counted.",
        byDefault: "1h",
        from: "1s",
        to: "720h",
      }),
      cooldown: boundedDuration({
        says: "Minimum time between two rollbacks.",
        byDefault: "5m",
        from: "0s",
        to: "24h",
      }),
    })
    .prefault({})
    .describe("Limits for rollbacks."),
  evidence: z
    .object({
      logs: z
        .boolean()
        .default(false)
        .describe(
          "Record the last log lines of the failing container in the Incident: at most 20 lines and 4 KiB; what looks like a secret is masked. Everyone who can read Incidents can read them. Requires the component config/components/logs of the installation.",
        ),
    })
    .prefault({})
    .describe("Additional evidence to record in Incidents."),
  incidentHistoryLimit: z.int().min(1).max(1000).default(20).describe("Number of ended Incidents to keep."),
});

/** What a revision earned so far. Bad ones are quarantined: never a rollback target. */
export const VERDICTS = ["Good", "Completed", "Unproven", "Bad"] as const;

export const GUARD_PHASES = [
  "Waiting",
  "NotEvaluated",
  "Progressing",
  "Baking",
  "Healthy",
  "Failing",
  "RollingBack",
  "NotRecovered",
] as const;

/** What became of the pause of a suspicious rollout. */
const FREEZE_STATES = ["Pausing", "Paused", "Resumed", "ResumedByUser"] as const;

/** More ends of containers than a kubelet can make in an hour say nothing more. */
const MOST_FAILURES = 10_000;

const ledgerEntrySchema = revisionReferenceSchema.extend({
  verdict: z
    .enum(VERDICTS)
    .describe(
      "Good: fully available during its bake time, so that a rollback can restore it. Completed: was fully available. Unproven: ran, but was never fully available. Bad: failed, and is quarantined.",
    ),
  since: z.iso
    .datetime()
    .describe("Time of the verdict; for Completed, time at which the rollout completed."),
  until: z.iso
    .datetime()
    .optional()
    .describe("Time at which another revision replaced it. Not set while it is current."),
  isWatched: z
    .boolean()
    .optional()
    .describe(
      "Whether it was watched during its bake time without a finding, although something prevented it from counting as good.",
    ),
  isTroubled: z
    .boolean()
    .optional()
    .describe(
      "Whether a check found a fault, or the bake time was restarted, and the revision has not been good since.",
    ),
  isFailing: z
    .boolean()
    .optional()
    .describe("Whether it was failing, outside of any rollout, when it was last current."),
  replicas: z.int().min(0).optional().describe("Number of pods with which it was available."),
  secondsToReady: z
    .int()
    .min(0)
    .optional()
    .describe("Seconds that its slowest pod took from start to ready."),
  readyPercent: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe("Percentage of pods that were ready outside of rollouts. Not set if all were."),
  failuresPerHour: z
    .int()
    .min(0)
    .max(MOST_FAILURES)
    .optional()
    .describe("Container exits per pod and hour outside of rollouts. Not set if there were none."),
  failedStarts: z
    .int()
    .min(0)
    .max(MOST_FAILURES)
    .optional()
    .describe(
      "Number of times that a container exited before it started successfully. Not set if it never did.",
    ),
  answers: z
    .array(
      z.object({
        check: z.string().max(40).describe("Name of the HTTP check."),
        milliseconds: z.int().min(0).max(60_000).describe("How long pods took to answer, in the middle."),
      }),
    )
    .max(4)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["check"] })
    .optional()
    .describe("HTTP checks that it passed. A new revision is compared with them."),
  hadTraffic: z
    .boolean()
    .optional()
    .describe(
      "Whether a metric check saw enough requests to decide. Not set if no metric check measured any: whether it was under traffic is not known.",
    ),
  incident: z.string().max(253).optional().describe("Incident that quarantined it."),
});

const checkStateSchema = z.object({
  name: z.string().max(80).describe("Kind and name of the check, for example metrics/errors."),
  state: z
    .enum(Object.keys(CHECK_STATES) as [CheckStateWord, ...CheckStateWord[]])
    .describe("How the check stands, in one word."),
  message: z.string().max(300).describe("What it measured."),
  at: z.iso.datetime().describe("Time of the message."),
  since: z.iso.datetime().optional().describe("Time since which it is Pending or Failing."),
  sawEnough: z.boolean().optional().describe("Whether it had enough data to decide during this rollout."),
});

export const rolloutGuardStatusSchema = z.object({
  observedGeneration: z
    .int()
    .min(0)
    .optional()
    .describe("Generation of the spec that this status is based on."),
  phase: z.enum(GUARD_PHASES).optional().describe("State of the guarded workload, in one word."),
  conditions: z
    .array(conditionSchema)
    .max(10)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
    .optional()
    .describe(
      "Ready: the guard works. Healthy: the workload is healthy. ReadinessProbed: the pods have a readiness probe; False is a risk even for a healthy workload. MetricsAvailable and HttpChecksPossible: the checks of that kind, if there are any, can measure.",
    ),
  current: revisionReferenceSchema
    .extend({
      since: z.iso.datetime().describe("Time at which its rollout started."),
      replicas: z.int().min(0).optional().describe("Number of desired pods when its rollout started."),
      completedAt: z.iso
        .datetime()
        .optional()
        .describe("Time at which all its pods were available. Not set before."),
      provenAt: z.iso
        .datetime()
        .optional()
        .describe("Time at which the rollout passed its bake time. Not set before."),
    })
    .optional()
    .describe("Revision that the Deployment specifies."),
  checks: z
    .array(checkStateSchema)
    .max(12)
    .meta(BY_NAME)
    .optional()
    .describe(
      "Metric and HTTP checks of the current rollout. Numbers are updated every 15s while it is watched.",
    ),
  freeze: z
    .object({
      revision: z.string().max(63).describe("Hash of the revision whose rollout was paused."),
      state: z
        .enum(FREEZE_STATES)
        .describe(
          "Pausing: decided, not done yet. Paused: RolloutGuard has paused the Deployment. Resumed: RolloutGuard has resumed it. ResumedByUser: a user or a tool has, so this rollout is not paused again.",
        ),
      reason: z
        .enum(Object.keys(FINDING_REASONS) as [FindingReason, ...FindingReason[]])
        .describe("Reason of the suspicious finding, in one word."),
      message: z.string().max(1024).describe("Description of the suspicious finding."),
      since: z.iso.datetime().describe("Time at which the pause was decided."),
      until: z.iso.datetime().describe("Time at which RolloutGuard resumes the Deployment at the latest."),
    })
    .optional()
    .describe("Pause of the current rollout by RolloutGuard. Not set if there was none."),
  lastGood: revisionReferenceSchema.optional().describe("Revision that a rollback would restore."),
  revisions: z
    .array(ledgerEntrySchema)
    .max(30)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["hash"] })
    .optional()
    .describe("What is known about each revision, newest verdict first."),
  services: z
    .array(
      z.object({
        name: objectName.describe("Name of the object."),
        endpoints: z.int().min(1).max(100_000).describe("Number of ready endpoints that it had."),
      }),
    )
    .max(50)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] })
    .optional()
    .describe("Services that had pods of the Deployment as endpoints outside of rollouts."),
  targetUid: z
    .string()
    .max(LONGEST_UID)
    .optional()
    .describe(
      "UID of the Deployment that the revisions belong to. They are reset if the Deployment is replaced.",
    ),
  incidents: z.int().min(0).optional().describe("Number of Incidents recorded."),
  rollbacks: z.int().min(0).optional().describe("Number of rollbacks."),
  activeIncident: z.string().max(253).optional().describe("Name of the open Incident."),
  lastIncident: z.string().max(253).optional().describe("Name of the newest Incident."),
  lastIncidentAt: z.iso
    .datetime()
    .optional()
    .describe("Time at which the newest counted Incident was opened."),
  lastRollbackAt: z.iso.datetime().optional().describe("Time at which the newest counted rollback was sent."),
});

export type RolloutGuardSpec = z.infer<typeof rolloutGuardSpecSchema>;
export type RolloutGuardStatus = z.infer<typeof rolloutGuardStatusSchema>;
export type GuardPhase = (typeof GUARD_PHASES)[number];
export type Verdict = (typeof VERDICTS)[number];
export type CheckStateEntry = z.infer<typeof checkStateSchema>;
export type FreezeRecord = NonNullable<RolloutGuardStatus["freeze"]>;
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
