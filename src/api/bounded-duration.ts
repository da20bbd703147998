// Schemas of durations in specs: the form and the range, refused with an example of what to write.
import { z } from "zod";
import { DURATION_PATTERN, parseDuration } from "./duration.ts";
import { withRule } from "./validation-rule.ts";

interface DurationField {
  readonly says: string;
  readonly byDefault: string;
  /** The shortest and the longest that makes sense. */
  readonly from: string;
  readonly to: string;
}

/** A duration such as "5m", within its range. */
export function boundedDuration({ says, byDefault, from, to }: DurationField) {
  const text = z.string().max(32).regex(new RegExp(DURATION_PATTERN));
  const ruled = withRule(text, {
    rule: `duration(self) >= duration('${from}') && duration(self) <= duration('${to}')`,
    message: `must be from ${from} to ${to}, for example ${byDefault}`,
    holds: (value) => isWithin(value, from, to),
  });
  return ruled.default(byDefault).describe(says);
}

/** A duration within its range, or the word Auto, which is also the default. */
export function boundedDurationOrAuto({ says, from, to }: Omit<DurationField, "byDefault">) {
  const text = z
    .string()
    .max(32)
    .regex(new RegExp(`^Auto$|${DURATION_PATTERN}`));
  const ruled = withRule(text, {
    rule: `self == 'Auto' || (duration(self) >= duration('${from}') && duration(self) <= duration('${to}'))`,
    message: `must be Auto, or from ${from} to ${to}, for example 90s`,
    holds: (value) => value === "Auto" || isWithin(value, from, to),
  });
  return ruled.default("Auto").describe(says);
}

/** What is no duration at all is refused by the pattern, so that one mistake gives one message. */
function isWithin(value: string, from: string, to: string): boolean {
  const durationMs = parseDuration(value);
  if (durationMs === undefined) return true;
  return durationMs >= (parseDuration(from) ?? 0) && durationMs <= (parseDuration(to) ?? 0);
}
