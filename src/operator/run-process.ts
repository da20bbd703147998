// The operator as a process: its settings, the signals that stop it, and what its exit code says.
import { createLogger, type Logger } from "../telemetry/logger.ts";
import { operate } from "./operate.ts";
import { parseSettings } from "./settings.ts";

/**
 * Runs the operator until a signal stops it, then ends the process: with 0 after a clean stop or --help, with 1 when
 * the settings are wrong, the operator cannot start, or it fails.
 */
export async function runProcess(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const parsed = parseSettings(argv, env);
  if ("help" in parsed) {
    process.stdout.write(parsed.help);
    return;
  }
  if ("error" in parsed) {
    process.stderr.write(`rolloutguard: ${parsed.error}\n`);
    process.exitCode = 1;
    return;
  }
  const { settings } = parsed;
  const logger = createLogger({ level: settings.logLevel, format: settings.logFormat });
  exitOnBug(logger);
  await operate(settings, logger, onSignal(logger)).catch((error: unknown) => {
    logger.error(`cannot start: ${reasonOf(error)}`);
    logger.debug("stack trace", { error });
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
    logger.info(`received ${name}; shutting down`);
    stopping.abort();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  return stopping.signal;
}

/** State lives in the cluster: after a fault nobody foresaw, a new start is safer than going on. */
function exitOnBug(logger: Logger): void {
  const end = (error: unknown) => {
    logger.error("RolloutGuard crashed on an internal error; please report it as a bug", { error });
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
