// How likely it is that a share is higher by chance alone: Fisher's exact test, one-sided, and for many requests the normal
// approximation (NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.3). Pure.
import { complementaryError, lnChoose } from "./special-functions.ts";

/** So many of so many. */
export interface Proportion {
  readonly bad: number;
  readonly total: number;
}

/** From so many requests on both tests agree, and the exact one takes too long. */
const MANY = 100_000;
/** What adds less to the sum changes no digit of it. */
const NEGLIGIBLE = 1e-17;

/**
 * The probability that `one` has at least so many bad ones if both have the same share in truth (0 to 1). Small: `one` is worse
 * than `other`, and not by chance.
 */
export function chanceOfMore(one: Proportion, other: Proportion): number {
  if (one.bad <= 0 || one.total <= 0) return 1;
  return one.total + other.total > MANY ? approximate(one, other) : exact(one, other);
}

/** Fisher's: the hypergeometric probabilities of all tables that are at least as uneven. */
export function exact(one: Proportion, other: Proportion): number {
  const bad = one.bad + other.bad;
  const total = one.total + other.total;
  const all = lnChoose(total, one.total);
  let sum = 0;
  for (let among = one.bad; among <= Math.min(one.total, bad); among += 1) {
    const term = Math.exp(lnChoose(bad, among) + lnChoose(total - bad, one.total - among) - all);
    sum += term;
    if (term < NEGLIGIBLE * sum) break;
  }
  return Math.min(1, sum);
}

/** The difference of the shares in units of its deviation, with one share for both. */
export function approximate(one: Proportion, other: Proportion): number {
  const share = (one.bad + other.bad) / (one.total + other.total);
  const deviation = Math.sqrt(share * (1 - share) * (1 / one.total + 1 / other.total));
  if (deviation === 0) return 1;
  const z = (one.bad / one.total - other.bad / other.total) / deviation;
  return complementaryError(z / Math.SQRT2) / 2;
}
