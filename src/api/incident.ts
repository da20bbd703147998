// Incident: the record of one failed rollout. Spec: facts fixed when it was opened. Status: the state machine and its story.
import { z } from "zod";
import { CAUSES, type CauseClass, CERTAINTIES } from "./causes.ts";
import { INCIDENT_ACTIONS, incidentStepSchema } from "./incident-step.ts";
import { LONGEST_UID, objectName } from "./object-name.ts";
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
const uid = z.string().max(LONGEST_UID).describe("Its uid.");

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
  check: z.string().max(64).describe("The check that made it."),
  reason: findingReason.describe("What is wrong, in one word."),
  message: sentence.describe("What is wrong, in a sentence."),
  since: instant.describe("Since when."),
  evidence: z.array(sentence).max(10).describe("What the cluster showed, quoted."),
});

const causeClass = z.enum(words<CauseClass>(CAUSES));
const certainty = z.enum(CERTAINTIES);
const PATCH_NOTE =
  "A command that changes it in the failed revision, where one can be given. After a rollback use it when that revision is shipped again, or make the same change where the manifest is kept.";

const causeSchema = z.object({
  class: causeClass.describe("The class of the cause."),
  certainty: certainty.describe(
    "Certain: the cluster says so itself, or its facts contradict each other. Likely: the evidence fits this best. Unknown: a possibility, or nothing is known.",
  ),
  message: sentence.describe("What is wrong, in a sentence that names it."),
  evidence: z.array(sentence).max(3).optional().describe("What of the cluster says so, quoted."),
  remedy: sentence.describe("What to change, in a sentence."),
  patch: sentence.optional().describe(PATCH_NOTE),
});

/** Bounds of last words: lines, bytes of a line, and bytes of all lines with their ends. */
export const LAST_WORDS = { lines: 20, lineBytes: 1024, bytes: 4096 } as const;

const lastWordsSchema = z.object({
  pod: objectName.optional().describe("The pod."),
  container: z.string().max(63).optional().describe("Its container."),
  previous: z
    .boolean()
    .optional()
    .describe("Whether the container was restarted since: these are the last lines before that."),
  lines: z
    .array(z.string().max(LAST_WORDS.lineBytes))
    .max(LAST_WORDS.lines)
    .describe("The lines, the newest last; *** stands for what looked like a secret."),
  missing: sentence.optional().describe("Why there are none, and what to do about it."),
});

export const incidentSpecSchema = withRule(
  z.object({
    kind: z
      .enum(INCIDENT_KINDS)
      .optional()
      .describe(
        "Automatic: a guard found a failed rollout; also where nothing is said. Manual: a person rolled back with kubectl rolloutguard rollback.",
      ),
    requestedBy: z
      .string()
      .max(256)
      .optional()
      .describe("The user who asked for a Manual one, as the API server knows the name."),
    guard: z
      .object({ name: objectName.describe("Its name."), uid })
      .optional()
      .describe("The guard that saw it; absent when a person rolled back a Deployment without a guard."),
    target: z
      .object({
        kind: z.enum(WORKLOAD_KINDS).describe("Its kind."),
        name: objectName.describe("Its name."),
        uid,
      })
      .describe("What failed."),
    failedRevision: revisionReferenceSchema.describe("The revision that failed."),
    restoreRevision: revisionReferenceSchema
      .optional()
      .describe("The revision to restore; absent when there was none to go back to."),
    action: z
      .enum(INCIDENT_ACTIONS)
      .describe(
        "What was decided when the Incident was opened. Undo: restore an earlier revision. None: a brake applied.",
      ),
    reason: incidentReason.describe("Why the rollout was judged to fail, or that a person asked."),
    message: sentence.describe("The same in a sentence."),
    findings: z.array(findingSchema).max(12).describe("What the checks said, with the evidence."),
    causes: z
      .array(causeSchema)
      .max(4)
      .optional()
      .describe("Why it failed: the headline first, then what is wrong besides."),
    lastWords: lastWordsSchema
      .optional()
      .describe("What the failing container wrote last; only where the guard says evidence.logs: true."),
    rolloutStartedAt: instant.describe("When the rollout began."),
    detectedAt: instant.describe("When it was judged to fail."),
  }),
  {
    rule: "self == oldSelf",
    message: "an Incident records facts; its spec never changes",
  },
);

const timelineEntrySchema = z.object({
  at: instant.describe("When."),
  what: z.string().min(1).max(64).describe("What happened, in one word."),
  message: sentence.describe("What happened, in a sentence."),
});

export const incidentStatusSchema = z.object({
  phase: z
    .enum(INCIDENT_PHASES)
    .describe(
      "Held: failing, but a brake applies. Acting, Verifying: going back. Recovered, NotRecovered, Superseded: ended.",
    ),
  message: sentence.describe("Where it stands, in a sentence."),
  brake: z
    .object({
      reason: z.enum(words<BrakeReason>(BRAKE_REASONS)).describe("The brake."),
      message: sentence.describe("Why it applies and what would release it."),
    })
    .optional()
    .describe("Why nothing is done, when nothing is done."),
  cause: causeClass.optional().describe("The class of the root cause."),
  certainty: certainty.optional().describe("How sure that is: Certain, Likely or Unknown."),
  rootCause: sentence.optional().describe("The root cause in a sentence."),
  remedy: sentence.optional().describe("What to change, in a sentence."),
  patch: sentence.optional().describe(PATCH_NOTE),
  documentation: z
    .string()
    .max(256)
    .optional()
    .describe(
      "A page about the root cause, or about the reason where no cause is known: how to tell, how to mend.",
    ),
  furtherCauses: z
    .array(sentence)
    .max(3)
    .optional()
    .describe("What is wrong besides, a sentence each: mending the root cause alone would not be enough."),
  changes: z
    .array(sentence)
    .max(50)
    .optional()
    .describe("What the rollout changed, from the restored revision to the failed one."),
  timeline: z.array(timelineEntrySchema).max(50).describe("What happened when."),
  steps: z.array(incidentStepSchema).max(10).optional().describe("What was done, in this order."),
  endedAt: instant.optional().describe("When it ended."),
  secondsToDetect: z.int().min(0).optional().describe("From the beginning of the rollout to the verdict."),
  secondsToRecover: z.int().min(0).optional().describe("From the verdict to restored service."),
  lostEndpointSeconds: z
    .int()
    .min(0)
    .optional()
    .describe(
      "The harm: seconds in which a Service had fewer ready endpoints than before the rollout, times the endpoints that were missing, as far as it was observed.",
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
export function isByHand({ spec }: { spec: Pick<IncidentSpec, "kind"> }): boolean {
  return spec.kind === "Manual";
}

/** Whether the Incident is still going on. */
export function isOpen(incident: { spec: IncidentSpec; status?: IncidentStatus | undefined }): boolean {
  const phase = phaseOf(incident);
  return phase === "Held" || phase === "Acting" || phase === "Verifying";
}
