// Does the memory of an operator stay flat? Pure.
import type { Violation } from "../judge/violation.ts";

/** What a heap may swing, and what the Incidents and revisions of a run may add. */
const TOLERATED_BYTES = 48 * 2 ** 20;

/** `resident`: the resident memory at each minute. The last minutes are held against the middle of the run. */
export function judgeMemory(resident: readonly number[]): readonly Violation[] {
  const known = resident.filter((bytes) => bytes > 0);
  if (known.length < 4) return [];
  const middle = known.slice(Math.floor(known.length / 3), Math.ceil((2 * known.length) / 3));
  const grownBytes = Math.min(...known.slice(-2)) - Math.max(...middle);
  if (grownBytes <= TOLERATED_BYTES) return [];
  const what = `the memory of an operator grew by ${Math.round(grownBytes / 2 ** 20)} MB since the middle of the run`;
  return [{ rule: "memory", atMs: resident.length * 60_000, what }];
}
