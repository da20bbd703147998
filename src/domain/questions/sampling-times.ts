// How often metric and HTTP checks ask, and how long their answers are remembered. Pure.
import { millisecondsOf } from "../../api/duration.ts";
import { isBakeTimeOver } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";

/** Earlier samples, for what has to be so in several samples in a row. */
export const REMEMBER_MS = 300_000;
/** How often a check is tried while nothing is rolled out: what it finds, or does not, has to be known before it is needed. */
export const TRIAL_MS = 240_000;
/** After the bake time only what keeps the revision from being good is asked for, and there is no hurry. */
const SELDOM_MS = 60_000;

/** How old the answer to a check of the rollout can get (ms). */
export function samplingIntervalMs(
  rollout: Rollout,
  { interval }: { readonly interval: string },
  now: number,
): number {
  const intervalMs = millisecondsOf(interval);
  return isBakeTimeOver(rollout, now) ? Math.max(SELDOM_MS, intervalMs) : intervalMs;
}
