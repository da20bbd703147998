// After a rollback RolloutGuard must not stand in the way of the release that fixes it. Pure.
import { type Effect, handOverEffect } from "../effects/effect.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/**
 * Hands over what RolloutGuard owns of a workload that somebody else applies. It goes by what the workload says at any time,
 * and not by an Incident: so a crash, a refused request or a newer release in between is made up for. Whoever only observes
 * does not do it.
 */
export function handOver({ workload, guard, surroundings }: Snapshot): readonly Effect[] {
  const isDue = workload?.blocksNextApply === true && !workload.isDeleting;
  const isObserving =
    surroundings.observeOnly || !("valid" in guard.spec) || guard.spec.valid.mode === "Observe";
  return isDue && !isObserving ? [handOverEffect()] : [];
}
