// The guard's spec as the decision uses it: durations in milliseconds. Pure.
import { parseDuration } from "../../api/duration.ts";
import type { RolloutGuardSpec } from "../../api/rollout-guard.ts";

/** A valid spec with its durations as numbers. */
export interface Policy {
  readonly spec: RolloutGuardSpec;
  readonly bakeTimeMs: number;
  readonly crashRestarts: number;
  readonly imagePullMs: number;
  readonly configErrorMs: number;
  readonly createFailedMs: number;
  readonly unschedulableMs: number;
  /** Undefined means Auto. */
  readonly readinessMs: number | undefined;
  readonly emptyEndpointsMs: number;
  readonly degradedMs: number;
  readonly windowMs: number;
  readonly cooldownMs: number;
}

/** The policy of a spec that the schema has accepted; its durations are well-formed by then. */
export function policyOf(spec: RolloutGuardSpec): Policy {
  const { checks, limits } = spec;
  return {
    spec,
    bakeTimeMs: milliseconds(spec.bakeTime),
    crashRestarts: checks.crashLoop.restarts,
    imagePullMs: milliseconds(checks.imagePull.patience),
    configErrorMs: milliseconds(checks.configError.patience),
    createFailedMs: milliseconds(checks.createFailed.patience),
    unschedulableMs: milliseconds(checks.unschedulable.patience),
    readinessMs: parseDuration(checks.readiness.patience),
    emptyEndpointsMs: milliseconds(checks.emptyEndpoints.for),
    degradedMs: milliseconds(checks.degraded.for),
    windowMs: milliseconds(limits.window),
    cooldownMs: milliseconds(limits.cooldown),
  };
}

function milliseconds(duration: string): number {
  const durationMs = parseDuration(duration);
  if (durationMs === undefined) throw new RangeError(`not a duration: ${duration}`);
  return durationMs;
}
