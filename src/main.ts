// The operator's process: what it was told, how it is ended, and what its exit code says.
import "./cli/small-heap.ts";
import { operate } from "./cli/operate.ts";
import { parseSettings } from "./cli/settings.ts";
import { createLogger, type Logger } from "./telemetry/logger.ts";

const parsed = parseSettings(process.argv.slice(2), process.env);
if ("help" in parsed) {
  process.stdout.write(parsed.help);
} else if ("error" in parsed) {
  process.stderr.write(`rolloutguard: ${parsed.error}\n`);
  process.exitCode = 1;
} else {
  const { settings } = parsed;
  const logger = createLogger({ level: settings.logLevel, format: settings.logFormat });
  endOnBug(logger);
  await operate(settings, logger, onSignal(logger)).catch((error: unknown) => {
    logger.error(`cannot start: ${reasonOf(error)}`);
    logger.debug("where that happened", { error });
    process.exitCode = 1;
  });
  // What hangs, such as a request that nobody answers, must not keep a stopped operator alive.
  process.exit();
}

/** Aborts at the first SIGTERM or SIGINT; the second ends the process at once. */
function onSignal(logger: Logger): AbortSignal {
  const stopping = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (stopping.signal.aborted) process.exit(1);
    logger.info(`${name} received; stopping`);
    stopping.abort();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return stopping.signal;
}

/** State lives in the cluster: after a fault nobody foresaw, a new start is safer than going on. */
function endOnBug(logger: Logger): void {
  const end = (error: unknown) => {
    logger.error("a fault in RolloutGuard ended the process; please report it as a bug", { error });
    process.exit(1);
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
}

/** The message with those of its causes. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
