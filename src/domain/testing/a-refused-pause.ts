// That the API server refused to resume the rollout of the new revision.
import type { RefusedPause } from "../snapshot/surroundings.ts";
import { NEW } from "./a-revision.ts";
import { later, minutes } from "./instants.ts";

/** Of the very Deployment of the scenes; it is to be sent again in a minute. */
export function aRefusedPause(facts: Partial<RefusedPause> = {}): RefusedPause {
  return {
    uid: "uid-of-deployment",
    generation: 4,
    do: "resumeRollout",
    of: NEW.hash,
    why: "403 Forbidden: exceeded quota: writes",
    retryAt: later(minutes(1)),
    ...facts,
  };
}
