// When the API server refuses what operators change of an application's Deployment: a policy, a right, a quota. Pure.
import { REFUSALS } from "../../testing/refusals.ts";
import type { Dice } from "./dice.ts";

export interface Refusal {
  readonly by: keyof typeof REFUSALS;
  /** Ms after the beginning. */
  readonly fromMs: number;
  /** Undefined: for good. */
  readonly untilMs: number | undefined;
}

const WHO = Object.keys(REFUSALS) as [Refusal["by"], ...Refusal["by"][]];

/** Most applications may be changed at all times. */
export function planRefusal(dice: Dice, endMs: number): Refusal | undefined {
  if (dice.happens(0.8)) return undefined;
  const fromMs = dice.between(0, 0.6 * endMs);
  const lastsMs = dice.between(60_000, 200_000);
  const untilMs = dice.happens(0.3) ? undefined : Math.min(endMs, fromMs + lastsMs);
  return { by: dice.oneOf(WHO), fromMs, untilMs };
}
