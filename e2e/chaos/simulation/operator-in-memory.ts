// The operator, whole and unmodified, in this process: on a wire in memory, with clocks of its own.
import { operate } from "../../../src/operator/operate.ts";
import type { Settings } from "../../../src/operator/settings-table.ts";
import type { Logger } from "../../../src/telemetry/logger.ts";
import { createMetrics } from "../../../src/telemetry/metrics.ts";
import { DEFAULT_SETTINGS } from "../../testing/default-settings.ts";
import type { Chronicle } from "../chronicle.ts";
import type { RunningOperator } from "../operator-seat.ts";
import type { Disturbances } from "../plan/disturbances.ts";
import { LEASE_NAMESPACE } from "../stage.ts";
import { readFigures } from "./figures.ts";
import type { Wire } from "./wire.ts";

export interface OperatorOptions {
  readonly name: string;
  readonly wire: Wire;
  readonly chronicle: Chronicle;
  readonly kubeconfig: string;
  /** Whether it acts only while it holds the Lease. */
  readonly isElected: boolean;
  /** How wrong its machine's clocks are. */
  readonly clock: Disturbances["clocks"][number] | undefined;
}

export function startOperatorInMemory(options: OperatorOptions): RunningOperator {
  const { name, wire, chronicle, kubeconfig, isElected, clock = { errorMs: 0, rate: 1 } } = options;
  const plug = wire.plugIn();
  const stopping = new AbortController();
  let isKilled = false;
  const logger = loggerInto(chronicle, name, () => !isKilled);
  const localTime = {
    monotonicMs: () => performance.now() * clock.rate,
    wallMs: () => Date.now() + clock.errorMs,
  };
  const metrics = createMetrics({ version: "simulated" });
  const surroundings = { connect: plug.connect, localTime, metrics };
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    metricsAddress: "off",
    kubeconfig,
    identity: name,
    leaderElection: isElected,
    leaseNamespace: LEASE_NAMESPACE,
  };
  const ended = operate(settings, logger, stopping.signal, surroundings).then(
    () => (stopping.signal.aborted ? undefined : "without a reason"),
    (error: unknown) => String(error),
  );
  return {
    ended,
    stop: () => stopping.abort(),
    kill() {
      isKilled = true;
      plug.unplug();
      stopping.abort();
    },
    figures: () => readFigures(metrics),
  };
}

function loggerInto(chronicle: Chronicle, operator: string, isAlive: () => boolean): Logger {
  const at =
    (level: string, bound: Readonly<Record<string, unknown>>) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const { guard, error } = { ...bound, ...fields } as { guard?: string; error?: unknown };
      if (isAlive()) chronicle.reportLog(guard, operator, level, `${message}${why(error)}`);
    };
  const loggerWith = (bound: Readonly<Record<string, unknown>>): Logger => ({
    error: at("error", bound),
    warn: at("warn", bound),
    info: at("info", bound),
    debug: () => {},
    child: (fields) => loggerWith({ ...bound, ...fields }),
  });
  return loggerWith({});
}

function why(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return error.cause === undefined ? ` (${error.message})` : ` (${error.message})${why(error.cause)}`;
}
