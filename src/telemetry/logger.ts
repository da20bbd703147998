// The log: JSON lines for machines, one readable line each for people at a terminal. The only place that knows winston.
import type { Writable } from "node:stream";
import { createLogger as createWinstonLogger, format, transports } from "winston";
import { LOG_LEVELS, type LogFields, type LogLevel, type LogRecord } from "./log-record.ts";
import { formatLogText } from "./log-text.ts";
import { toLoggable } from "./loggable.ts";

/** `auto` writes text when the output is a terminal and JSON otherwise. */
export const LOG_FORMATS = ["auto", "json", "text"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What the rest of the operator knows of logging. */
export interface Logger {
  /** Something went wrong and the operator will try again or give up; a person may have to look. */
  error(message: string, fields?: LogFields): void;
  /** Something is not as it should be, and the operator copes. */
  warn(message: string, fields?: LogFields): void;
  /** Something changed: one line a transition. */
  info(message: string, fields?: LogFields): void;
  /** Nothing changed, or details for somebody who looks for a fault. */
  debug(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each of its lines, such as `{ guard, rollout, reconcileId }`. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Where the lines go; standard output by default. */
  readonly output?: Writable | undefined;
}

/** A logger that writes lines of `level` and above. Fields are copied, never changed; see `toLoggable` for what is hidden. */
export function createLogger({ level, format: wanted, output = process.stdout }: LoggerOptions): Logger {
  const isTerminal = "isTTY" in output && output.isTTY === true;
  const write = wanted === "text" || (wanted === "auto" && isTerminal) ? formatLogText : formatLogJson;
  const line = format.printf(({ timestamp, level, message, fields }) =>
    write(
      {
        time: String(timestamp),
        level: level as LogLevel,
        message: String(message),
        fields: toLoggable(fields as LogFields),
      },
      output,
    ),
  );
  const winston = createWinstonLogger({
    level,
    levels: Object.fromEntries(LOG_LEVELS.map((name, severity) => [name, severity])),
    format: format.combine(format.timestamp(), line),
    transports: [new transports.Stream({ stream: output, eol: "\n" })],
  });
  return withFields((level, message, fields) => winston.log({ level, message, fields }), {});
}

function withFields(
  log: (level: LogLevel, message: string, fields: LogFields) => void,
  bound: LogFields,
): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) =>
    log(level, message, { ...bound, ...fields });
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: (fields) => withFields(log, { ...bound, ...fields }),
  };
}

/** A line as JSON. A field that is called like one of the three fixed keys keeps its value under `field.<name>`. */
function formatLogJson({ time, level, message, fields }: LogRecord): string {
  const entries = Object.entries(fields).map(([name, value]) => [
    name === "time" || name === "level" || name === "message" ? `field.${name}` : name,
    value,
  ]);
  return JSON.stringify({ time, level, message, ...Object.fromEntries(entries) });
}
