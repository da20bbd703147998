// A logger for tests that keeps its lines.
import type { Logger } from "../../telemetry/logger.ts";

type LogLevel = Exclude<keyof Logger, "child">;
type LogFields = NonNullable<Parameters<Logger["info"]>[1]>;

export interface RecordedLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}

/** The logger and what was written with it and its children. */
export function createLogRecorder(): { readonly logger: Logger; readonly lines: readonly RecordedLine[] } {
  const lines: RecordedLine[] = [];
  return { logger: loggerWith({}, lines), lines };
}

function loggerWith(bound: LogFields, lines: RecordedLine[]): Logger {
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    lines.push({ level, message, fields: { ...bound, ...fields } });
  };
  return {
    error: at("error"),
    warn: at("warn"),
    info: at("info"),
    debug: at("debug"),
    child: (fields) => loggerWith({ ...bound, ...fields }, lines),
  };
}
