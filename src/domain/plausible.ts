// What can be true of the times that an Incident or a status tells: who can write them can write anything. Pure.

/** No watch is behind for longer without being noticed. */
const LONGEST_BEHIND_MS = 3 * 60_000;
/** So much the clocks of two API servers can differ. */
const CLOCKS_DIFFER_MS = 60_000;

/** Whether nobody can have written the time down as past (epoch ms). */
export function liesAhead(at: number, now: number): boolean {
  return at > now + CLOCKS_DIFFER_MS;
}

/**
 * Until when what happened at `at` can be missing in what is seen, because a watch is behind. Undefined when that is over, or when it
 * cannot have happened yet.
 */
export function unseenUntil(at: number, now: number): number | undefined {
  const until = at + LONGEST_BEHIND_MS;
  return now < until && !liesAhead(at, now) ? until : undefined;
}
