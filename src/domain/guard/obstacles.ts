// What keeps a guard from doing its work at all: its spec, an older guard, or no workload. Pure.
import { type Outcome, quiet } from "../outcome.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** The obstacle, as the outcome to show; undefined when the guard can do its work. */
export function obstacleOf({ guard, workload }: Snapshot): Outcome | undefined {
  if ("invalid" in guard.spec) return quiet("Waiting", "InvalidSpec", guard.spec.invalid);
  const { kind, name } = guard.spec.valid.target;
  if (guard.olderGuard !== undefined) {
    return quiet(
      "Waiting",
      "DuplicateGuard",
      `RolloutGuard ${guard.olderGuard} already guards this ${kind}; delete one of the two.`,
    );
  }
  if (!workload || workload.isDeleting) {
    return quiet(
      "Waiting",
      "TargetNotFound",
      workload
        ? `${kind} ${name} is being deleted.`
        : `There is no ${kind} ${name} in namespace ${guard.namespace}; the guard waits for it.`,
    );
  }
  return undefined;
}
