// Times that somebody wrote into a status by hand and that cannot be: the operator would wait for them for ever.

/** How far clocks may differ; a time that lies further ahead is not believed. */
const TOLERANCE_MS = 3_600_000;

/** Whether the RFC 3339 time lies so far after `at` (epoch ms) that nobody can have written it down as past. */
export function liesAhead(time: string, at: number): boolean {
  return Date.parse(time) > at + TOLERANCE_MS;
}
