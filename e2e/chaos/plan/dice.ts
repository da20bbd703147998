// Chance in a plan: everything comes from the seed, in a fixed order.
import { createRandom } from "@rolloutguard/simulated-cluster/random";

export interface Dice {
  /** A number in [from, to). */
  between(from: number, to: number): number;
  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number;
  happens(share: number): boolean;
  oneOf<T>(things: readonly [T, ...T[]]): T;
}

/** Dice of their own for each purpose, so that one part of a plan does not change with another. */
export function createDice(seed: number, purpose: string): Dice {
  let mixed = seed;
  for (const character of purpose) mixed = (Math.imul(mixed, 31) + character.charCodeAt(0)) >>> 0;
  const random = createRandom(mixed);
  const between = (from: number, to: number): number => random.between(from, to);
  const whole = (from: number, to: number): number => Math.floor(between(from, to + 1));
  return {
    between,
    whole,
    happens: (share) => between(0, 1) < share,
    oneOf: (things) => things[whole(0, things.length - 1)] ?? things[0],
  };
}
