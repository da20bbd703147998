// A place on which an operator runs, dies as planned, and is started again.
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { Chronicle, Figures } from "./chronicle.ts";
import type { Death, Which } from "./plan/episodes.ts";

/** An operator that was started. */
export interface RunningOperator {
  /** Resolves when it has ended; with a sentence when it did so by itself. */
  readonly ended: Promise<string | undefined>;
  /** As SIGTERM. */
  stop(): void;
  /** As SIGKILL: nothing that it still sends arrives, no answer reaches it. */
  kill(): void;
  /** What it counts now; undefined where nobody can read that. */
  readonly figures?: (() => Promise<Figures>) | undefined;
}

export interface SeatOptions {
  readonly which: Which;
  readonly cluster: SimulatedCluster;
  readonly chronicle: Chronicle;
  /** Starts an operator under a name of its own; `start` counts from 1. */
  readonly launch: (name: string, start: number) => RunningOperator;
  /** Whether a request from this port comes from the operator on this seat. */
  readonly isOwn: (remotePort: number) => boolean;
}

export class OperatorSeat {
  readonly #options: SeatOptions;
  #running: (RunningOperator & { readonly name: string }) | undefined;
  #starts = 0;
  #kills = 0;
  /** The death that comes with the next write of its kind. */
  #awaited: Death | undefined;
  #isOver = false;

  constructor(options: SeatOptions) {
    this.#options = options;
    const { cluster, isOwn } = options;
    cluster.onRequest(({ remotePort, verb, target }) => {
      const death = this.#awaited;
      if (death?.how.is !== "killAtWrite" || target === undefined) return undefined;
      const { resource, subresource, namespace, name } = target;
      const write = `${verb} ${resource}${subresource ? `/${subresource}` : ""}`;
      if (write !== death.how.write || !isOwn(remotePort)) return undefined;
      const { cut } = death.how;
      this.#kill(death, `at ${write} of ${namespace}/${name}, cut ${cut}`);
      return { cut };
    });
  }

  /** How often an operator was killed here. */
  get kills(): number {
    return this.#kills;
  }

  start(): void {
    const { which, chronicle, launch } = this.#options;
    this.#starts += 1;
    const name = `${which}-${this.#starts}`;
    const running = launch(name, this.#starts);
    this.#running = { ...running, name };
    chronicle.operatorStarts(name);
    chronicle.reportWorld(`operator ${name} starts`);
    void running.ended.then((why) => {
      if (why !== undefined && this.#running?.name === name)
        chronicle.fault(`operator ${name} ended: ${why}`);
    });
  }

  /** Notes what the operator that runs here counts now. */
  async sample(): Promise<void> {
    const { name, figures } = this.#running ?? {};
    if (name !== undefined && figures !== undefined)
      this.#options.chronicle.tellFigures(name, await figures());
  }

  /** Lets it die as planned: now, or at its next write. */
  die(death: Death): void {
    if (this.#running === undefined) return;
    switch (death.how.is) {
      case "kill":
        this.#kill(death, "at this moment");
        return;
      case "killAtWrite":
        this.#awaited = death;
        return;
      case "stop":
        this.#awaited = undefined;
        this.#options.chronicle.reportWorld(`the ${death.whom} operator is told to stop`);
        void this.stop().then(() => this.#startAfter(death.restartMs));
    }
  }

  /** It dies no more. */
  settle(): void {
    this.#awaited = undefined;
  }

  /** Stops it for good, as SIGTERM; resolves when it has ended. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.stop();
  }

  async stop(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    this.#options.chronicle.operatorEnds(running.name);
    running.stop();
    await running.ended;
  }

  #kill(death: Death, how: string): void {
    const running = this.#running;
    this.#awaited = undefined;
    if (running === undefined) return;
    this.#running = undefined;
    this.#kills += 1;
    this.#options.chronicle.operatorEnds(running.name);
    running.kill();
    this.#options.chronicle.reportWorld(`the ${death.whom} operator is killed ${how}`);
    this.#startAfter(death.restartMs);
  }

  #startAfter(delayMs: number): void {
    this.#options.cluster.time.after(delayMs, () => {
      if (this.#running === undefined && !this.#isOver) this.start();
    });
  }
}
