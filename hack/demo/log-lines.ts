// The operator's JSON log as lines for people: the same text that it writes on a terminal, without stacks.
import type { Writable } from "node:stream";
import { formatLogText } from "../../src/telemetry/log-text.ts";

/** Each line as text; what is no record of the log stays as it is. Coloured where the output shows colours. */
export function readableLogLines(lines: readonly string[], output: Writable): readonly string[] {
  return lines.map((line) => {
    const record = parseRecord(line);
    if (record === undefined) return line;
    const { time, level, message, ...fields } = record;
    return formatLogText({ time, level, message, fields }, output);
  });
}

type Parsed = Pick<Parameters<typeof formatLogText>[0], "time" | "level" | "message"> &
  Record<string, unknown>;

function parseRecord(line: string): Parsed | undefined {
  try {
    const record = JSON.parse(line, (key, value: unknown) => (key === "stack" ? undefined : value)) as Parsed;
    return typeof record.time === "string" && typeof record.level === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}
