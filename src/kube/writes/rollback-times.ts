// When a workload was rolled back lately, as its own annotation tells: it outlives the process. Pure.
import { ANNOTATIONS } from "../../api/group.ts";
import { asInstant, metaOf, type RawObject } from "../objects.ts";

export const HOUR_MS = 3_600_000;
/** More are never needed, and would only make the annotation long. */
const MOST_TIMES = 20;
/** So far the clock of another operator can be ahead. */
const CLOCKS_MS = 60_000;

/** The rollbacks of the last hour, oldest first (epoch ms). Takes any text. */
export function recentRollbacks(workload: RawObject, now: number): readonly number[] {
  const text = metaOf(workload).annotations[ANNOTATIONS.rollbackTimes] ?? "";
  return text
    .slice(0, MOST_TIMES * 32)
    .split(",")
    .flatMap((time) => asInstant(time) ?? [])
    .filter((at) => at > now - HOUR_MS && at <= now + CLOCKS_MS)
    .sort((a, b) => a - b);
}

/** What the annotation says with one rollback more. */
export function rollbackTimesWith(workload: RawObject, now: number): string {
  return [...recentRollbacks(workload, now), now]
    .slice(-MOST_TIMES)
    .map((at) => new Date(at).toISOString())
    .join(",");
}
