// Time in tests of the decision: one fixed beginning, and durations in words.

/** When the rollout of every scene begins. */
export const T0 = Date.parse("2026-03-02T09:00:00.000Z");

/** A duration in milliseconds. */
export function seconds(count: number): number {
  return count * 1_000;
}

/** A duration in milliseconds. */
export function minutes(count: number): number {
  return seconds(60 * count);
}

/** The instant so long after the rollout began. */
export function later(durationMs: number): number {
  return T0 + durationMs;
}

/** The instant so long before the rollout began. */
export function earlier(durationMs: number): number {
  return T0 - durationMs;
}

/** An instant as specs and status write it. */
export function written(at: number): string {
  return new Date(at).toISOString();
}
