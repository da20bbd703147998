// A log line for people: time, level, message, then the fields; colours only where the output shows them.
import type { Writable } from "node:stream";
import { styleText } from "node:util";
import { plainText } from "../domain/plain-text.ts";
import type { LogLevel, LogRecord } from "./log-record.ts";

const LEVEL_STYLE = { error: "red", warn: "yellow", info: "green", debug: "gray" } as const satisfies Record<
  LogLevel,
  string
>;

/** The record as one line, and the stack of its error on the lines below. Colours obey NO_COLOR and FORCE_COLOR. */
export function formatLogText({ time, level, message, fields }: LogRecord, output: Writable): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    styleText(style, text, { stream: output });
  const shown = Object.entries(fields).map(([name, value]) => `${paint("cyan", name)}=${inOneWord(value)}`);
  // What applications and servers say must not steer the terminal of who reads the log.
  const said = plainText(message).replaceAll("\n", " ");
  const head = `${paint("gray", time.slice(11, 23))} ${paint(LEVEL_STYLE[level], level.toUpperCase().padEnd(5))} ${said}`;
  const stacks = stacksOf(fields).map((stack) => paint("gray", plainText(stack)));
  return [[head, ...shown].join("  "), ...stacks].join("\n");
}

function inOneWord(value: unknown): string {
  if (isErrorCopy(value)) {
    const cause = value.cause === undefined ? "" : ` (cause: ${inOneWord(value.cause)})`;
    return `${plainText(JSON.stringify(value.message))}${cause}`;
  }
  if (typeof value === "string" && /^[^\s"=]+$/.test(value)) return plainText(value);
  return plainText(JSON.stringify(value) ?? "undefined");
}

function stacksOf(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.values(fields).flatMap((value) =>
    isErrorCopy(value) && typeof value.stack === "string" ? [value.stack] : [],
  );
}

function isErrorCopy(value: unknown): value is { message: string; stack?: unknown; cause?: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    "message" in value &&
    typeof value.message === "string"
  );
}
