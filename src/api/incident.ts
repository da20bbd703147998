// Incident: the record of one failed rollout. Spec: facts fixed when it was opened. Status: the state machine and its story.
import { z } from "zod";
import { CAUSES, type CauseClass, CERTAINTIES } from "./causes.ts";
import { INCIDENT_ACTIONS, incidentStepSchema } from "./incident-step.ts";
import { LONGEST_UID } from "./longest-uid.ts";
import { objectName } from "./object-name.ts";
import {
  BRAKE_REASONS,
  type BrakeReason,
  FINDING_REASONS,
  type FindingReason,
  type IncidentReason,
  REQUEST_REASONS,
} from "./reasons.ts";
import { revisionReferenceSchema } from "./revision-reference.ts";
import { withRule } from "./validation-rule.ts";
import { WORKLOAD_KINDS } from "./workload-kind.ts";

const words = <T extends string>(table: Record<T, string>) => Object.keys(table) as [T, ...T[]];
const findingReason = z.enum(words<FindingReason>(FINDING_REASONS));
const incidentReason = z.enum(words<IncidentReason>({ ...FINDING_REASONS, ...REQUEST_REASONS }));
const sentence = z.string().max(2048);
const instant = z.iso.datetime();
const uid = z.string().max(LONGEST_UID).describe("UID of the object.");

/** Who decided that something has to be done. */
const INCIDENT_KINDS = ["Automatic", "Manual"] as const;

export const INCIDENT_PHASES = [
  "Held",
  "Acting",
  "Verifying",
  "Recovered",
  "NotRecovered",
  "Superseded",
] as const;

const findingSchema = z.object({
  check: z.string().max(64).describe("Name of the check."),
  reason: findingReason.describe("Reason of the finding, in one word."),
  message: sentence.describe("Description of the finding."),
  since: instant.describe("Time since which the finding has existed."),
  evidence: z.array(sentence).max(10).describe("Evidence, quoted from the cluster."),
});

const causeClass = z.enum(words<CauseClass>(CAUSES));
const certainty = z.enum(CERTAINTIES);
const PATCH_NOTE =
  "Command that applies the remedy to the failed revision, if there is one. After a rollback, use it when that revision is rolled out again, or make the same change in the manifest.";

const causeSchema = z.object({
  class: causeClass.describe("Class of the cause."),
  certainty: certainty.describe(
    "Certain: the cluster reports it, or its objects contradict each other. Likely: the best explanation of the evidence. Unknown: one possibility, or no explanation.",
  ),
  message: sentence.describe("Description of the cause."),
  evidence: z.array(sentence).max(3).optional().describe("Evidence, quoted from the cluster."),
  remedy: sentence.describe("What to change."),
  patch: sentence.optional().describe(PATCH_NOTE),
});

/** Bounds of last words: lines, bytes of a line, and bytes of all lines with their ends. */
export const LAST_WORDS = { lines: 20, lineBytes: 1024, bytes: 4096 } as const;

const lastWordsSchema = z.object({
  pod: objectName.optional().describe("Name of the pod."),
  container: z.string().max(63).optional().describe("Name of the container."),
  previous: z
    .boolean()
    .optional()
    .describe("Whether the lines are from before the last restart of the container."),
  lines: z
    .array(z.string().max(LAST_WORDS.lineBytes))
    .max(LAST_WORDS.lines)
    .describe("Log lines, newest last. *** replaces what looks like a secret."),
  missing: sentence.optional().describe("Why there are no lines, and how to change that."),
});

export const incidentSpecSchema = withRule(
  z.object({
    kind: z
      .enum(INCIDENT_KINDS)
      .optional()
      .describe(
        "Automatic: a guard detected a failed rollout; this is the default. Manual: a user ran kubectl rolloutguard rollback.",
      ),
    requestedBy: z
      .string()
      .max(256)
      .optional()
      .describe("User who requested a Manual rollback, as authenticated by the API server."),
    guard: z
      .object({ name: objectName.describe("Name of the guard."), uid })
      .optional()
      .describe(
        "Guard that opened the Incident. Not set if a user rolled back a Deployment without a guard.",
      ),
    target: z
      .object({
        kind: z.enum(WORKLOAD_KINDS).describe("Kind of the object."),
        name: objectName.describe("Name of the object."),
        uid,
      })
      .describe("Workload whose rollout failed."),
    failedRevision: revisionReferenceSchema.describe("Revision that failed."),
    restoreRevision: revisionReferenceSchema
      .optional()
      .describe("Revision to roll back to. Not set if there was none."),
    action: z
      .enum(INCIDENT_ACTIONS)
      .describe(
        "Action that was decided when the Incident was opened. Undo: restore an earlier revision. None: a brake prevented it.",
      ),
    reason: incidentReason.describe("Why the rollout failed, or that a user requested the rollback."),
    message: sentence.describe("Description of the reason."),
    findings: z.array(findingSchema).max(16).describe("Findings of the checks, with evidence."),
    causes: z
      .array(causeSchema)
      .max(4)
      .optional()
      .describe("Why it failed: the root cause first, then further causes."),
    lastWords: lastWordsSchema
      .optional()
      .describe("Last log lines of the failing container. Only with evidence.logs: true in the guard."),
    rolloutStartedAt: instant.describe("Time at which the rollout started."),
    detectedAt: instant.describe("Time at which the failure was detected."),
  }),
  {
    rule: "self == oldSelf",
    message: "the spec of an Incident is immutable",
  },
);

const timelineEntrySchema = z.object({
  at: instant.describe("Time of the event."),
  what: z.string().min(1).max(64).describe("Event, in one word."),
  message: sentence.describe("Description of the event."),
});

export const incidentStatusSchema = z.object({
  phase: z
    .enum(INCIDENT_PHASES)
    .describe(
      "Held: the rollout fails, but a brake prevents a rollback. Acting, Verifying: the rollback is in progress. Recovered, NotRecovered, Superseded: ended.",
    ),
  message: sentence.describe("Description of the phase."),
  brake: z
    .object({
      reason: z.enum(words<BrakeReason>(BRAKE_REASONS)).describe("Reason of the brake."),
      message: sentence.describe("Why the brake applies and what releases it."),
    })
    .optional()
    .describe("Why there is no rollback. Set while a brake applies."),
  cause: causeClass.optional().describe("Class of the root cause."),
  certainty: certainty.optional().describe("Certainty of the root cause: Certain, Likely or Unknown."),
  rootCause: sentence.optional().describe("Description of the root cause."),
  remedy: sentence.optional().describe("What to change."),
  patch: sentence.optional().describe(PATCH_NOTE),
  documentation: z
    .string()
    .max(256)
    .optional()
    .describe(
      "URL of a page about the root cause, or about the reason if the cause is unknown: how to confirm it and how to fix it.",
    ),
  furtherCauses: z
    .array(sentence)
    .max(3)
    .optional()
    .describe("Further causes. Fixing the root cause alone is not enough."),
  changes: z
    .array(sentence)
    .max(50)
    .optional()
    .describe("Changes of the rollout: differences between the restored and the failed revision."),
  timeline: z.array(timelineEntrySchema).max(50).describe("Timeline of the Incident."),
  steps: z.array(incidentStepSchema).max(10).optional().describe("Actions taken, in order."),
  endedAt: instant.optional().describe("Time at which the Incident ended."),
  secondsToDetect: z
    .int()
    .min(0)
    .optional()
    .describe("Seconds from the start of the rollout until the failure was detected."),
  secondsToRecover: z.int().min(0).optional().describe("Seconds from detection until service was restored."),
  lostEndpointSeconds: z
    .int()
    .min(0)
    .optional()
    .describe(
      "Observed loss of service: seconds during which a Service had fewer ready endpoints than before the rollout, times the number of missing endpoints.",
    ),
});

export type IncidentSpec = z.infer<typeof incidentSpecSchema>;
export type IncidentStatus = z.infer<typeof incidentStatusSchema>;
export type IncidentPhase = (typeof INCIDENT_PHASES)[number];
export type IncidentCause = z.infer<typeof causeSchema>;
export type LastWords = z.infer<typeof lastWordsSchema>;
export type IncidentFinding = z.infer<typeof findingSchema>;
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/**
 * The phase of an Incident. A new one has no status yet: its action stands for the phase, so that one
 * write makes the intent durable (docs/adr/0001).
 */
export function phaseOf(incident: {
  spec: IncidentSpec;
  status?: IncidentStatus | undefined;
}): IncidentPhase {
  return incident.status?.phase ?? (incident.spec.action === "None" ? "Held" : "Acting");
}

/** Whether a person asked for the rollback. Nothing that the guard is limited to counts for it. */
export function isManual({ spec }: { spec: Pick<IncidentSpec, "kind"> }): boolean {
  return spec.kind === "Manual";
}

/** Whether the Incident is still going on. */
export function isOpen(incident: { spec: IncidentSpec; status?: IncidentStatus | undefined }): boolean {
  return isOpenPhase(phaseOf(incident));
}

/** Whether an Incident in this phase has not ended. */
export function isOpenPhase(phase: IncidentPhase): boolean {
  return phase === "Held" || phase === "Acting" || phase === "Verifying";
}
