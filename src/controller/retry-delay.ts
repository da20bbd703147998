// How long a key waits before it is tried again. Pure: chance is an argument.

const FIRST_BACK_OFF_MS = 200;
/** A service may be down while a key waits: no longer than a person would. */
const LONGEST_BACK_OFF_MS = 30_000;
const SHORTEST_CONFLICT_DELAY_MS = 50;
const LONGEST_CONFLICT_DELAY_MS = 250;
/** So many conflicts in a row are ordinary (several writers); more of them are treated like any other error. */
const ORDINARY_CONFLICTS = 5;

/**
 * The delay after the `failures`-th failure in a row (1 is the first): 200 ms, doubled each time, at most
 * 30 s, and between half of that and all of it by chance, so that many keys do not come back together.
 * `chance` is in [0, 1).
 */
export function backOffDelayMs(failures: number, chance: number): number {
  return doubledMs(FIRST_BACK_OFF_MS, LONGEST_BACK_OFF_MS, failures, chance);
}

/** The delay after the `failures`-th conflict in a row: 50 to 250 ms by chance, the back-off when they go on. */
export function conflictDelayMs(failures: number, chance: number): number {
  if (failures > ORDINARY_CONFLICTS) return backOffDelayMs(failures, chance);
  return SHORTEST_CONFLICT_DELAY_MS + (LONGEST_CONFLICT_DELAY_MS - SHORTEST_CONFLICT_DELAY_MS) * chance;
}

const FIRST_REFUSAL_DELAY_MS = 5_000;
/** Until a person has changed a right or a policy it is refused again; after that the rollback must not wait for long. */
const LONGEST_REFUSAL_DELAY_MS = 300_000;

/**
 * The delay before a change is sent again that was refused `refusals` times in a row (1 is the first): 5 s, doubled each
 * time, at most 5 min, and between half of that and all of it by chance.
 */
export function refusalDelayMs(refusals: number, chance: number): number {
  return doubledMs(FIRST_REFUSAL_DELAY_MS, LONGEST_REFUSAL_DELAY_MS, refusals, chance);
}

function doubledMs(firstMs: number, longestMs: number, times: number, chance: number): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** (times - 1));
  return fullMs / 2 + (fullMs / 2) * chance;
}
