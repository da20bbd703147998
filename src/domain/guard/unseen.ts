// The decision about a guard of which nothing was read since the operator started, because something cannot be read. Pure.
import { setCondition } from "../../api/condition.ts";
import type { Decision } from "../decision.ts";
import { guardStatusEffect } from "../effects/effect.ts";
import type { Outcome } from "../outcome.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { cannotRead } from "./unread.ts";

/** Only Ready changes: the rest of the status comes from an operator that could read everything. */
export function decideUnseen(
  { guard, surroundings }: Snapshot,
  { phase, reason, message, findings }: Outcome,
  now: number,
): Decision {
  const known = guard.status.conditions ?? [];
  const says = cannotRead(surroundings.unread ?? []);
  const isSaid = known.some((condition) => condition.type === "Ready" && condition.message === says);
  const ready = { type: "Ready", status: "False", reason: "CannotRead", message: says } as const;
  const conditions = setCondition(known, { ...ready, observedGeneration: guard.generation }, rfc3339(now));
  const status = { ...guard.status, phase: guard.status.phase ?? "Waiting", conditions };
  const effects = isSaid ? [] : [guardStatusEffect(status)];
  return { phase, reason, message, findings, effects, restsOn: [], questions: [] };
}
