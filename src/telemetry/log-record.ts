// A line of the log as data, before it is written.

export const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What belongs to a message: ids, numbers, an `error`. Never a whole object of the cluster, never Secret data. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface LogRecord {
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
}
