// The steps of an Incident: what was done about the failing rollout.
import { z } from "zod";
import { objectName } from "./object-name.ts";
import { WORKLOAD_KINDS } from "./workload-kind.ts";

/** What guards do about a failing rollout. */
const GUARD_ACTIONS = ["Undo"] as const;

/** What a step can do: act, or stop the act. */
const STEP_ACTIONS = [...GUARD_ACTIONS, "Freeze"] as const;

/** What is decided about a failing rollout; None where a brake applies. */
export const INCIDENT_ACTIONS = [...GUARD_ACTIONS, "None"] as const;

export const incidentStepSchema = z.object({
  action: z
    .enum(STEP_ACTIONS)
    .describe(
      "Action taken. Undo: an earlier revision was restored. Freeze: the Deployment was paused to stop the rollback.",
    ),
  object: z
    .object({
      kind: z.enum(WORKLOAD_KINDS).describe("Kind of the object."),
      name: objectName.describe("Name of the object."),
    })
    .describe("Object that was changed."),
  from: z
    .string()
    .max(63)
    .describe("Hash of the template that was replaced; for Freeze, of the template whose pods still serve."),
  to: z
    .string()
    .max(63)
    .describe("Hash of the template that was restored; for Freeze, of the template whose pods do not start."),
  startedAt: z.iso.datetime().describe("Time at which the change was sent."),
  generation: z.int().min(0).optional().describe("Generation of the object after the change, if known."),
  template: z
    .string()
    .max(16)
    .optional()
    .describe("Identifies the restored template until it has a hash, if admission changed it."),
});

export type GuardAction = (typeof GUARD_ACTIONS)[number];
export type IncidentStep = z.infer<typeof incidentStepSchema>;
export type IncidentAction = (typeof INCIDENT_ACTIONS)[number];

type Steps = { readonly steps?: readonly IncidentStep[] | undefined } | undefined;

/** The step that restores an earlier revision; undefined while none was decided. */
export function undoStep(status: Steps): IncidentStep | undefined {
  return status?.steps?.findLast(({ action }) => action === "Undo");
}

/** The step that stops the rollback; undefined while that was not decided. */
export function freezeStep(status: Steps): IncidentStep | undefined {
  return status?.steps?.findLast(({ action }) => action === "Freeze");
}
