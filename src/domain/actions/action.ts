// What can be done about a failing rollout: each way is a strategy of the same shape. Pure.
import type { GuardAction, IncidentStep } from "../../api/incident-step.ts";
import type { Brake, Finding } from "../decision.ts";
import type { Change } from "../effects/change.ts";
import type { EventToPublish } from "../effects/effect.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Ground } from "../snapshot/ground.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Question } from "../snapshot/question.ts";

/** One way to act. Which guard uses which is decided in `actions.ts`. */
export interface Action {
  /** As Incidents name it. */
  readonly name: GuardAction;
  /** What it would do about this rollout, for the Incident of that name; or the brake that keeps it from being possible. */
  plan(rollout: Rollout, incident: string): ActionPlan | { readonly impossible: Brake };
  /** Whether it was done for this Incident, and stands, by the word of the changed object itself. */
  isSent(rollout: Rollout, incident: IncidentView): boolean;
  /** What there is to note when it was sent. Only for an Incident for which `isSent`. */
  sent(rollout: Rollout, incident: IncidentView, now: number): SentAction;
  /** Whether service is back. Only for an Incident for which it was sent. */
  verify(rollout: Rollout, incident: IncidentView, now: number): Verification;
}

export interface ActionPlan {
  /** In the order in which they are sent: one a pass. */
  readonly changes: readonly Change[];
  /** What the Incident notes before the first of them is sent. */
  readonly step: Omit<IncidentStep, "startedAt">;
  /** What is meant, as the Incident says it: "Rolling back to revision 1." */
  readonly intent: string;
  /** The same in full, as the beginning of a sentence: "Rolling back from revision 2 to revision 1". */
  readonly summary: string;
}

export interface SentAction {
  readonly step: IncidentStep;
  /** For the Incident: "Rolled back from revision 2 to revision 1; waiting for service to recover." */
  readonly message: string;
  readonly event: EventToPublish;
  /** What people have to do because of it, in sentences. */
  readonly advice?: string | undefined;
}

/** The messages are whole sentences about what was done. */
export type Verification =
  /** Service is back, and nothing points to a failure. Whether that lasts is not for the action to say. */
  | {
      readonly is: "serving";
      /** Since when (epoch ms). */
      readonly sinceAt: number;
      readonly message: string;
      /** The beginning of a sentence: "Revision 3 is serving again". */
      readonly summary: string;
      readonly findings: readonly Finding[];
      readonly questions: readonly Question[];
    }
  | {
      readonly is: "failed";
      readonly message: string;
      /** What that rests on besides the workload and its revisions. */
      readonly restsOn: readonly Ground[];
    }
  | {
      readonly is: "waiting";
      readonly message: string;
      readonly findings: readonly Finding[];
      readonly questions: readonly Question[];
      /** When to look again (epoch ms). */
      readonly wakeAts: readonly (number | undefined)[];
    };
