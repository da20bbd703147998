// Whether a release changed what its pods ask of a node. Pure.
import type { Rollout } from "./rollout.ts";

/** Requests, selectors, affinity, tolerations or ports differ from the baseline's; false where there is none. */
export function isPlacementChanged({ baseline, revision }: Pick<Rollout, "baseline" | "revision">): boolean {
  return baseline !== undefined && baseline.template.schedulingKey !== revision.template.schedulingKey;
}
