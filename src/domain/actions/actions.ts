// The table of actions, and which one applies. Pure.
import type { StepAction } from "../../api/incident-step.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Action } from "./action.ts";
import { undo } from "./undo.ts";

const ACTIONS: Readonly<Record<StepAction, Action>> = Object.freeze({ Undo: undo });

/** What guards do about a failing rollout. */
export const GUARD_ACTION: Action = ACTIONS.Undo;

/** The action of an Incident: of its last step, else as it was decided when it was opened. */
export function actionOf({ spec, status }: Pick<IncidentView, "spec" | "status">): Action {
  const name = status?.steps?.at(-1)?.action ?? spec.action;
  return name === "None" ? GUARD_ACTION : ACTIONS[name];
}
