// Flags that take a span of time.
import { parseDuration } from "../api/duration.ts";
import { UsageError } from "./exit-codes.ts";

/** Milliseconds of "90s" or "10m". Throws UsageError with an example. */
export function spanOf(flag: string, text: string): number {
  const spanMs = parseDuration(text);
  if (spanMs === undefined) throw new UsageError(`${flag} ${text}: write a span such as 90s or 10m`);
  return spanMs;
}
