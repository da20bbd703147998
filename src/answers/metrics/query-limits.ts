// How often one source is asked: so many queries at once, and so many a second, evenly spread. All guards wait in one queue, and
// the guards of one namespace never hold more than half of the places.
import { type Clock, sleep } from "../../kube/clock.ts";
import { FairQueue } from "../fair-queue.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import { SourceError } from "./source-error.ts";

export interface QueryLimitsOptions {
  readonly concurrent: number;
  readonly perSecond: number;
  readonly clock: Clock;
  /** What to say when the source is not asked because it does not answer. */
  readonly notAsked: string;
}

export class QueryLimits {
  readonly #options: QueryLimitsOptions;
  readonly #queue: FairQueue;
  readonly #breaker = new CircuitBreaker();
  /** When the next query can be sent (epoch ms). */
  #nextAt = 0;

  constructor(options: QueryLimitsOptions) {
    this.#options = options;
    const { concurrent } = options;
    this.#queue = new FairQueue({ atOnce: concurrent, atOnceOfNamespace: Math.ceil(concurrent / 2) });
  }

  /**
   * Calls `ask` when its turn comes. Rejects without a call while the source does not answer. `ask` rejects with SourceError
   * for failures of the source.
   */
  run<T>(namespace: string, ask: () => Promise<T>): Promise<T> {
    return this.#queue.run(namespace, () => this.#inTurn(namespace, ask));
  }

  async #inTurn<T>(namespace: string, ask: () => Promise<T>): Promise<T> {
    const { clock, notAsked } = this.#options;
    if (!this.#breaker.enter(clock.now())) throw new SourceError("notAsked", notAsked);
    try {
      await this.#slot();
      const result = await ask();
      this.#breaker.answered();
      return result;
    } catch (error) {
      this.#note(error, namespace);
      throw error;
    }
  }

  #note(error: unknown, namespace: string): void {
    const failure = error instanceof SourceError && !error.rejectsQuery ? error.failure : "partial";
    if (failure === "partial" || failure === "tooLarge") {
      this.#breaker.answered();
    } else {
      const canBeTheQuery = failure === "timeout" || failure === "status";
      this.#breaker.failed({ at: this.#options.clock.now(), namespace, canBeTheQuery });
    }
  }

  async #slot(): Promise<void> {
    const { clock, perSecond } = this.#options;
    const now = clock.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + 1_000 / perSecond;
    if (at > now) await sleep(clock, at - now);
  }
}
