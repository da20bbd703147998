// That the API server refused to restore the good revision.
import type { Refusal } from "../snapshot/surroundings.ts";
import { GOOD, NEW } from "./a-revision.ts";
import { later, minutes } from "./instants.ts";

/** Of the rollback of the new revision; it is to be sent again in five minutes. */
export function aRefusal(facts: Partial<Refusal> = {}): Refusal {
  return {
    uid: "uid-of-deployment",
    from: NEW.hash,
    to: GOOD.hash,
    why: "403 Forbidden: no rollbacks on Fridays",
    retryAt: later(minutes(5)),
    ...facts,
  };
}
