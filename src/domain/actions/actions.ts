// The table of actions, and which one applies. Pure.
import { type GuardAction, undoStep } from "../../api/incident-step.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Action } from "./action.ts";
import { undo } from "./undo.ts";

const ACTIONS: Readonly<Record<GuardAction, Action>> = Object.freeze({ Undo: undo });

/** What guards do about a failing rollout. */
export const GUARD_ACTION: Action = ACTIONS.Undo;

/** The action of an Incident: the one that it has begun, else as it was decided when it was opened. */
export function actionOf({ spec, status }: Pick<IncidentView, "spec" | "status">): Action {
  if (undoStep(status)) return ACTIONS.Undo;
  return spec.action === "None" ? GUARD_ACTION : ACTIONS[spec.action];
}
