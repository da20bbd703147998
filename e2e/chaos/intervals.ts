// Intervals of time, half-open, in ms. Pure.

export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

export function overlaps(a: Interval, b: Interval): boolean {
  return a.fromMs < b.toMs && b.fromMs < a.toMs;
}

export function holdsAt(intervals: readonly Interval[], atMs: number): boolean {
  return intervals.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
}

/** What of `within` none of the others covers, in order. */
export function gaps(within: Interval, others: readonly Interval[]): readonly Interval[] {
  const free: Interval[] = [];
  let fromMs = within.fromMs;
  for (const other of [...others].sort((a, b) => a.fromMs - b.fromMs)) {
    if (other.fromMs > fromMs) free.push({ fromMs, toMs: Math.min(other.fromMs, within.toMs) });
    fromMs = Math.max(fromMs, other.toMs);
    if (fromMs >= within.toMs) break;
  }
  if (fromMs < within.toMs) free.push({ fromMs, toMs: within.toMs });
  return free.filter((gap) => gap.toMs > gap.fromMs);
}

/** When `lengthMs` of time outside the others have passed since `fromMs`; undefined when that is not before `toMs`. */
export function afterFreeTime(
  within: Interval,
  others: readonly Interval[],
  lengthMs: number,
): number | undefined {
  let leftMs = lengthMs;
  for (const gap of gaps(within, others)) {
    if (gap.toMs - gap.fromMs >= leftMs) return gap.fromMs + leftMs;
    leftMs -= gap.toMs - gap.fromMs;
  }
  return undefined;
}

/** The first stretch of at least `lengthMs` that none of the others covers. */
export function firstStretch(
  within: Interval,
  others: readonly Interval[],
  lengthMs: number,
): Interval | undefined {
  return gaps(within, others).find(({ fromMs, toMs }) => toMs - fromMs >= lengthMs);
}
