// What the guard's status remembers of its metric and HTTP checks: for an operator that has just begun, and for commands, which
// ask nothing themselves. Pure.

import type { FindingReason } from "../../../api/reasons.ts";
import type { CheckStateEntry } from "../../../api/rollout-guard.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { CheckState } from "./check-state.ts";

/** The entries in the guard's status, if they are about this rollout. */
export function knownCheckStates({ snapshot, revision, startedAt }: Rollout): readonly CheckStateEntry[] {
  const { current, checks = [] } = snapshot.guard.status;
  const isThis = current?.hash === revision.hash && Math.abs(Date.parse(current.since) - startedAt) < 1_000;
  return isThis ? checks : [];
}

/** Whether the check has had enough data to decide in this rollout. */
export function hasSeenEnough(rollout: Rollout, name: string): boolean {
  return knownCheckStates(rollout).some((entry) => entry.name === name && entry.sawEnough === true);
}

/** How a check stood that has not answered yet; trouble that was seen stays pending until it does. */
export function rememberedState(
  rollout: Rollout,
  kind: "metrics" | "http",
  { name, mode }: Pick<CheckState, "name" | "mode">,
  reason: FindingReason,
): CheckState | undefined {
  const entry = knownCheckStates(rollout).find((one) => one.name === `${kind}/${name}`);
  if (entry === undefined || entry.state === "Waiting") return undefined;
  const { state, message, since } = entry;
  const isTrouble = since !== undefined && (state === "Pending" || state === "Failing");
  return {
    name,
    mode,
    state: isTrouble ? "Pending" : state,
    message,
    isRemembered: true,
    ...(isTrouble && { trouble: { reason, sinceAt: Date.parse(since), evidence: [], pods: rollout.pods } }),
  };
}
