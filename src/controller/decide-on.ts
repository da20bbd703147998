// The decision about a snapshot, with what it was about when none can be made.
import type { Decision } from "../domain/decision.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Clock } from "../kube/clock.ts";
import { DecisionFailure } from "./pass-failure.ts";

export interface DecideDependencies {
  /** Pure: the same snapshot and time give the same decision. */
  readonly decide: (snapshot: Snapshot, now: number) => Decision;
  readonly clock: Pick<Clock, "now">;
}

/** Throws DecisionFailure. */
export function decideOn(snapshot: Snapshot, { decide, clock }: DecideDependencies): Decision {
  try {
    return decide(snapshot, clock.now());
  } catch (cause) {
    throw new DecisionFailure(snapshot, cause);
  }
}
