// Whether RolloutGuard may pause the workload at all. Pure.
import type { Rollout } from "./rollout.ts";

/** The guard and its workload are such that a pause is allowed and keeps old pods. */
export function mayPause({ policy, snapshot, workload }: Rollout): boolean {
  return (
    policy.spec.freeze !== "Never" &&
    policy.spec.mode !== "Observe" &&
    !snapshot.surroundings.observeOnly &&
    workload.strategy === "RollingUpdate"
  );
}
