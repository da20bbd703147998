// The guard's spec as the decision uses it: durations in milliseconds. Pure.
import { millisecondsOf, parseDuration } from "../../api/duration.ts";
import type { RolloutGuardSpec } from "../../api/rollout-guard.ts";

/** A valid spec with its durations as numbers. A patience that is undefined is Auto: see `urgency/`. */
export interface Policy {
  readonly spec: RolloutGuardSpec;
  readonly bakeTimeMs: number;
  readonly crashRestarts: number;
  readonly crashMs: number | undefined;
  readonly imagePullMs: number | undefined;
  readonly configErrorMs: number | undefined;
  readonly createFailedMs: number | undefined;
  readonly podRejectedMs: number | undefined;
  readonly unschedulableMs: number | undefined;
  readonly readinessMs: number | undefined;
  readonly emptyEndpointsMs: number | undefined;
  readonly degradedMs: number | undefined;
  readonly windowMs: number;
  readonly cooldownMs: number;
}

/** The policy of a spec that the schema has accepted; its durations are well-formed by then. */
export function policyOf(spec: RolloutGuardSpec): Policy {
  const { checks, limits } = spec;
  return {
    spec,
    bakeTimeMs: millisecondsOf(spec.bakeTime),
    crashRestarts: checks.crashLoop.restarts,
    crashMs: parseDuration(checks.crashLoop.patience),
    imagePullMs: parseDuration(checks.imagePull.patience),
    configErrorMs: parseDuration(checks.configError.patience),
    createFailedMs: parseDuration(checks.createFailed.patience),
    podRejectedMs: parseDuration(checks.podRejected.patience),
    unschedulableMs: parseDuration(checks.unschedulable.patience),
    readinessMs: parseDuration(checks.readiness.patience),
    emptyEndpointsMs: parseDuration(checks.emptyEndpoints.for),
    degradedMs: parseDuration(checks.degraded.for),
    windowMs: millisecondsOf(limits.window),
    cooldownMs: millisecondsOf(limits.cooldown),
  };
}
