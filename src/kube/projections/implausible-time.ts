// Times that somebody wrote into a status by hand and that cannot be: the operator would wait for them for ever.

/** How far clocks may differ; a time that lies further ahead is not believed. */
const TOLERANCE_MS = 3_600_000;

/** Whether the RFC 3339 time lies so far after `at` (epoch ms) that nobody can have written it down as past. */
export function liesAhead(time: string, at: number): boolean {
  return Date.parse(time) > at + TOLERANCE_MS;
}

/** How much earlier than the API server took an object RolloutGuard can have noted what is in it: a request takes seconds. */
const WRITING_MS = 5 * 60_000;

/** Whether the RFC 3339 time lies so far before the object was created (epoch ms) that it was not written down when it happened. */
export function isBackdated(time: string, createdAt: number): boolean {
  return Date.parse(time) < createdAt - WRITING_MS;
}
