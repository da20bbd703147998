// RolloutGuard: what users write (spec) and read (status). Types, run-time validation and the CRD come from here.
import { z } from "zod";
import { boundedDuration, boundedDurationOrAuto } from "./bounded-duration.ts";
import { conditionSchema } from "./condition.ts";
import { LONGEST_UID, objectName, objectNameOf } from "./object-name.ts";
import { revisionReferenceSchema } from "./revision-reference.ts";
import { withRule } from "./validation-rule.ts";
import { DEFAULT_WORKLOAD_KIND, WORKLOAD_KINDS } from "./workload-kind.ts";

/**
 * How long a check waits: at least a second, since status takes that long to settle, at most an hour. Auto follows
 * what is at stake (docs/how-it-decides.md): seconds while a Service loses endpoints, minutes while nobody is hurt.
 */
const patience = (says: string) => boundedDurationOrAuto({ says, from: "1s", to: "1h" });

const enabled = z.boolean().default(true).describe("Whether the check is made.");

const checksSchema = z.object({
  crashLoop: z
    .object({
      enabled,
      restarts: z
        .int()
        .min(1)
        .max(100)
        .default(2)
        .describe("How often a container may be restarted; the next failure after that is a crash loop."),
      patience: patience(
        "How long a crash loop may last, counted from its first failure. Auto: not at all while a Service loses endpoints, two and a half minutes while nobody is hurt.",
      ),
    })
    .prefault({})
    .describe("Containers, init containers and sidecars that exit again and again."),
  imagePull: z
    .object({
      enabled,
      patience: patience(
        "How long an image may fail to be pulled. Auto: 20s; minutes while the registry throttles or does not answer.",
      ),
    })
    .prefault({})
    .describe("Images that cannot be pulled."),
  configError: z
    .object({
      enabled,
      patience: patience(
        "How long a container may fail to be created. Auto: 20s; two minutes for a missing Secret or ConfigMap while nobody is hurt.",
      ),
    })
    .prefault({})
    .describe(
      "Containers that cannot be created: missing Secret, ConfigMap, key or volume, a command that is not there.",
    ),
  createFailed: z
    .object({
      enabled,
      patience: patience(
        "How long pods may be refused. Auto: 30s; minutes for a quota or a webhook that does not answer.",
      ),
    })
    .prefault({})
    .describe("Pods that the API server refuses: quota, admission, security policy."),
  unschedulable: z
    .object({
      enabled,
      patience: patience(
        "How long pods may wait for a node. Auto: 1m when the rollout changed where its pods may run; minutes for a lack of resources, which a new node can end.",
      ),
    })
    .prefault({})
    .describe("Pods that no node takes."),
  readiness: z
    .object({
      enabled,
      patience: boundedDurationOrAuto({
        says: "How long a running pod may be unready. Auto learns it from the probes and from the good revision's pods.",
        from: "1s",
        to: "1h",
      }),
    })
    .prefault({})
    .describe("Pods that run and do not become ready."),
  emptyEndpoints: z
    .object({
      enabled,
      for: patience("How long a Service may have no endpoint while pods are ready. Auto: 15s."),
    })
    .prefault({})
    .describe("Services that lost all endpoints although the new revision's pods are ready."),
  podRejected: z
    .object({ enabled, patience: patience("How long nodes may reject every pod. Auto: 45s.") })
    .prefault({})
    .describe("Pods that their nodes reject for what the pod template asks."),
  progressDeadline: z
    .object({ enabled })
    .prefault({})
    .describe("Kubernetes' own verdict, ProgressDeadlineExceeded."),
  degraded: z
    .object({
      enabled,
      for: patience(
        "How long pods that were ready may be unready. Auto: 20s; two and a half minutes while nobody is hurt.",
      ),
    })
    .prefault({})
    .describe("Pods that were ready and stop being ready within the bake time."),
  knownBad: z
    .object({ enabled })
    .prefault({})
    .describe(
      "Releases that the guard rolled back before, and that are put back unchanged: they are rolled back at once.",
    ),
});

const target = withRule(
  z.object({
    kind: z
      .enum(WORKLOAD_KINDS)
      .default(DEFAULT_WORKLOAD_KIND)
      .describe("The kind of workload. Only Deployment today."),
    name: objectNameOf("Deployment").describe("The name of the Deployment, in the guard's namespace."),
  }),
  {
    rule: "self.name == oldSelf.name",
    message: "a guard keeps its target; create another RolloutGuard for another Deployment",
  },
);

const services = withRule(z.array(objectNameOf("Service")).max(50), {
  rule: "self.all(name, self.exists_one(other, other == name))",
  message: "must name each Service once; remove the second mention",
  holds: (names) => new Set(names).size === names.length,
});

const maxRollbacks = withRule(z.int().min(0).max(100), {
  rule: "self > 0",
  message: "must be at least 1; to record Incidents without ever rolling back, write mode: Observe",
  holds: (count) => count > 0,
});

export const rolloutGuardSpecSchema = z.object({
  target: target.describe("What is guarded."),
  mode: z
    .enum(["Rollback", "Observe"])
    .default("Rollback")
    .describe("Rollback restores the last good revision; Observe only records Incidents."),
  services: services
    .optional()
    .describe(
      "The Services that must keep endpoints. By default those that selected the pods of the last good revision.",
    ),
  bakeTime: boundedDuration({
    says: "How long a completed rollout stays watched before its revision counts as good.",
    byDefault: "5m",
    from: "10s",
    to: "24h",
  }),
  rollbackTo: z
    .enum(["LastGood", "Previous"])
    .default("LastGood")
    .describe(
      "LastGood restores the newest revision known to be good; Previous the one that ran before this rollout.",
    ),
  checks: checksSchema
    .prefault({})
    .describe("What counts as a failure. Every check has defaults and can be turned off."),
  limits: z
    .object({
      maxRollbacks: maxRollbacks.default(3).describe("How many rollbacks are allowed within the window."),
      window: boundedDuration({
        says: "The window in which rollbacks are counted.",
        byDefault: "1h",
        from: "1s",
        to: "720h",
      }),
      cooldown: boundedDuration({
        says: "How long after a rollback no other one is made.",
        byDefault: "5m",
        from: "0s",
        to: "24h",
      }),
    })
    .prefault({})
    .describe("How often the guard may act."),
  evidence: z
    .object({
      logs: z
        .boolean()
        .default(false)
        .describe(
          "Whether an Incident keeps the last lines that the failing container wrote: at most 20 lines and 4 KiB, without what looks like a secret. Everybody who may read Incidents can read them. The operator must be granted config/components/logs.",
        ),
    })
    .prefault({})
    .describe("What of a failure is recorded besides what the cluster's objects say."),
  incidentHistoryLimit: z.int().min(1).max(1000).default(20).describe("How many ended Incidents are kept."),
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

/** More ends of containers than a kubelet can make in an hour say nothing more. */
const MOST_FAILURES = 10_000;

const ledgerEntrySchema = revisionReferenceSchema.extend({
  verdict: z
    .enum(VERDICTS)
    .describe(
      "Good: fully available through its bake time, so a rollback can restore it. Completed: was fully available once. Unproven: ran, and was never fully available. Bad: quarantined.",
    ),
  since: z.iso
    .datetime()
    .describe("Since when the verdict holds; for Completed, when the rollout completed."),
  until: z.iso
    .datetime()
    .optional()
    .describe("When another revision took its place; absent while it is the current one."),
  isWatched: z
    .boolean()
    .optional()
    .describe(
      "Whether the operator watched it through its bake time without a sign of trouble, though something kept it from being good.",
    ),
  isTroubled: z
    .boolean()
    .optional()
    .describe(
      "Whether a check found a fault of it, or its bake time had to begin again, and it was not good since.",
    ),
  isFailing: z
    .boolean()
    .optional()
    .describe("Whether it was failing itself when it was last the current one, without any rollout."),
  replicas: z.int().min(0).optional().describe("With how many pods it was available."),
  secondsToReady: z.int().min(0).optional().describe("How long its slowest pod took from start to ready."),
  readyPercent: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe("How many of 100 pods were ready while nothing was rolled out; absent when all were."),
  failuresPerHour: z
    .int()
    .min(0)
    .max(MOST_FAILURES)
    .optional()
    .describe(
      "How often a pod's containers ended in an hour while nothing was rolled out; absent when never.",
    ),
  failedStarts: z
    .int()
    .min(0)
    .max(MOST_FAILURES)
    .optional()
    .describe("How often a container of it ended before one start succeeded; absent when never."),
  incident: z.string().max(253).optional().describe("The Incident that put it into quarantine."),
});

export const rolloutGuardStatusSchema = z.object({
  observedGeneration: z
    .int()
    .min(0)
    .optional()
    .describe("The generation of the spec that this status answers."),
  phase: z.enum(GUARD_PHASES).optional().describe("Where the guarded rollout stands, in one word."),
  conditions: z
    .array(conditionSchema)
    .max(8)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"] })
    .optional()
    .describe(
      "Ready: the guard can do its work. Healthy: the rollout is well. ReadinessProbed: a readiness probe tells whether the pods can serve; False is a risk, also while all is well.",
    ),
  current: revisionReferenceSchema
    .extend({
      since: z.iso.datetime().describe("When its rollout began."),
      replicas: z.int().min(0).optional().describe("How many pods were desired when its rollout began."),
      completedAt: z.iso
        .datetime()
        .optional()
        .describe("When all its pods were available; absent until then."),
      provenAt: z.iso
        .datetime()
        .optional()
        .describe("When this rollout had served through its bake time; absent until then."),
    })
    .optional()
    .describe("The revision that the Deployment asks for."),
  lastGood: revisionReferenceSchema.optional().describe("The revision that a rollback would restore."),
  revisions: z
    .array(ledgerEntrySchema)
    .max(30)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["hash"] })
    .optional()
    .describe("The ledger: what is known of each revision, newest verdict first."),
  services: z
    .array(
      z.object({
        name: objectName.describe("Its name."),
        endpoints: z.int().min(1).max(100_000).describe("How many ready endpoints it had."),
      }),
    )
    .max(50)
    .meta({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] })
    .optional()
    .describe("The Services that served pods of the Deployment while nothing was rolled out."),
  targetUid: z
    .string()
    .max(LONGEST_UID)
    .optional()
    .describe(
      "The uid of the Deployment that the ledger is about; another Deployment of that name starts a new one.",
    ),
  incidents: z.int().min(0).optional().describe("How many Incidents the guard has recorded."),
  rollbacks: z.int().min(0).optional().describe("How many rollbacks the guard has made."),
  activeIncident: z.string().max(253).optional().describe("The Incident that is open now."),
  lastIncident: z.string().max(253).optional().describe("The newest Incident."),
  lastIncidentAt: z.iso
    .datetime()
    .optional()
    .describe("When the newest Incident was opened; those until then are counted."),
  lastRollbackAt: z.iso
    .datetime()
    .optional()
    .describe("When the newest rollback that has ended was sent; those until then are counted."),
});

export type RolloutGuardSpec = z.infer<typeof rolloutGuardSpecSchema>;
export type RolloutGuardStatus = z.infer<typeof rolloutGuardStatusSchema>;
export type GuardPhase = (typeof GUARD_PHASES)[number];
export type Verdict = (typeof VERDICTS)[number];
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
