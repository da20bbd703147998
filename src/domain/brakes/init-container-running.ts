// A rollback would kill an init container half-way: a database migration, most of the time. Pure.

import { RECHECK_MS } from "../rollout/progress.ts";
import { runningInitContainer } from "../rollout/waiting-pods.ts";
import type { BrakeRule } from "./brake-rule.ts";

/** An init container that has run for longer hangs. */
const LONGEST_MS = 3_600_000;

export const initContainerRunning: BrakeRule = ({ pods }, _headline, now) => {
  for (const pod of pods) {
    const init = runningInitContainer(pod);
    if (init === undefined || now - init.startedAt > LONGEST_MS) continue;
    return {
      reason: "InitContainerRunning",
      message: `Init container ${init.name} of pod ${pod.name} is running and has not failed; a rollback would kill it before it completes.`,
      untilAt: now + RECHECK_MS,
    };
  }
  return undefined;
};
