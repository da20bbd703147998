// A machine on which an operator runs, dies as planned, and is started again: the operator whole and unmodified.

import type { SimulatedCluster } from "../../../hack/simulated-cluster/simulated-cluster.ts";
import { operate } from "../../../src/cli/operate.ts";
import type { Settings } from "../../../src/cli/settings-table.ts";
import type { Logger } from "../../../src/telemetry/logger.ts";
import type { Chronicle } from "../chronicle.ts";
import { type Death, type Disturbances, portOf, type Which } from "../plan/disturbances.ts";
import type { Plug, Wire } from "./wire.ts";

const SETTINGS: Omit<Settings, "kubeconfig" | "identity"> = {
  context: "",
  namespaces: [],
  observeOnly: false,
  workers: 4,
  metricsAddress: "off",
  logLevel: "info",
  logFormat: "json",
  clockRate: 1,
  resyncIntervalMs: 10 * 60_000,
  shutdownTimeoutMs: 10_000,
};

export interface SeatOptions {
  readonly which: Which;
  readonly wire: Wire;
  readonly cluster: SimulatedCluster;
  readonly chronicle: Chronicle;
  readonly kubeconfig: string;
  readonly clocks: Disturbances["clocks"];
}

interface Life {
  readonly plug: Plug;
  readonly stopping: AbortController;
  readonly ended: Promise<void>;
  isKilled: boolean;
}

export class OperatorSeat {
  readonly #options: SeatOptions;
  #life: Life | undefined;
  #starts = 0;
  #deaths = 0;
  /** The death that comes with the next write of its kind. */
  #awaited: Death | undefined;

  constructor(options: SeatOptions) {
    this.#options = options;
    const { cluster, which } = options;
    cluster.onRequest(({ remotePort, verb, target }) => {
      const death = this.#awaited;
      if (death?.how.is !== "killAtWrite" || remotePort !== portOf(which) || target === undefined)
        return undefined;
      const { resource, subresource } = target;
      if (`${verb} ${resource}${subresource ? `/${subresource}` : ""}` !== death.how.write) return undefined;
      const { cut } = death.how;
      this.#kill(death, `at ${death.how.write} of ${target.namespace}/${target.name}, cut ${cut}`);
      return { cut };
    });
  }

  get deaths(): number {
    return this.#deaths;
  }

  start(): void {
    const { which, wire, chronicle, kubeconfig, clocks } = this.#options;
    const clock = clocks[this.#starts % clocks.length] ?? { errorMs: 0, rate: 1 };
    this.#starts += 1;
    const name = `${which}-${this.#starts}`;
    const plug = wire.plugIn();
    const stopping = new AbortController();
    const localTime = {
      monotonicMs: () => performance.now() * clock.rate,
      wallMs: () => Date.now() + clock.errorMs,
    };
    const settings = { ...SETTINGS, kubeconfig, identity: name };
    const isAlive = (): boolean => !life.isKilled;
    const logger = loggerInto(chronicle, name, isAlive);
    const ended = operate(settings, logger, stopping.signal, { connect: plug.connect, localTime }).catch(
      (error: unknown) => chronicle.fault(`operator ${name} ended with ${String(error)}`),
    );
    const life: Life = { plug, stopping, ended, isKilled: false };
    this.#life = life;
    chronicle.operators(1);
    chronicle.tellWorld(`operator ${name} starts`);
  }

  /** Lets it die as planned: now, or at its next write. One that is not running stays dead. */
  die(death: Death): void {
    if (this.#life === undefined) return;
    switch (death.how.is) {
      case "kill":
        this.#kill(death, "at this moment");
        return;
      case "killAtWrite":
        this.#awaited = death;
        return;
      case "stop":
        this.#awaited = undefined;
        this.#options.chronicle.tellWorld(`the ${death.whom} operator is told to stop`);
        void this.stop().then(() => this.#startAfter(death.restartMs));
    }
  }

  /** As SIGTERM; resolves when it has ended. */
  async stop(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    if (life !== undefined) this.#options.chronicle.operators(-1);
    life?.stopping.abort();
    await life?.ended;
  }

  /** Starts one where none runs, and lets it live. */
  settle(): void {
    this.#awaited = undefined;
  }

  /** As SIGKILL: nothing that it still sends arrives, no answer reaches it. */
  #kill(death: Death, how: string): void {
    const life = this.#life;
    this.#awaited = undefined;
    if (life === undefined) return;
    this.#life = undefined;
    this.#deaths += 1;
    this.#options.chronicle.operators(-1);
    life.isKilled = true;
    life.plug.unplug();
    life.stopping.abort();
    this.#options.chronicle.tellWorld(`the ${death.whom} operator is killed ${how}`);
    this.#startAfter(death.restartMs);
  }

  #startAfter(delayMs: number): void {
    this.#options.cluster.time.after(delayMs, () => {
      if (this.#life === undefined) this.start();
    });
  }
}

function loggerInto(chronicle: Chronicle, operator: string, isAlive: () => boolean): Logger {
  const at =
    (level: string, bound: Readonly<Record<string, unknown>>) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      if (!isAlive()) return;
      const all = { ...bound, ...fields };
      const guard = all["guard"];
      if (typeof guard === "string")
        chronicle.tellLog(guard, operator, level, `${message}${why(all["error"])}`);
      else if (level !== "info")
        chronicle.tellWorld(`operator ${operator}: ${level}: ${message}${why(all["error"])}`);
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
