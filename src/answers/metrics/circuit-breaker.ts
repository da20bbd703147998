// Leaves a source alone that does not answer. Pure: the time is an argument.

/** So many failures in a row open the circuit. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

/** A failure as the breaker counts it. */
export interface CountedFailure {
  readonly at: number;
  readonly namespace: string;
  /** The query itself can be the reason: that of one namespace must not take the source from the others. */
  readonly canBeTheQuery: boolean;
}

export class CircuitBreaker {
  #failures = 0;
  readonly #namespaces = new Set<string>();
  #pauseMs = 0;
  #openUntil = 0;
  /** After a pause one query goes out, and the others wait for what becomes of it. */
  #isTrying = false;

  /** Whether a query can be sent now (epoch ms). If so, its end must be reported. */
  enter(now: number): boolean {
    if (this.#pauseMs === 0) return true;
    if (now < this.#openUntil || this.#isTrying) return false;
    this.#isTrying = true;
    return true;
  }

  /** The source has answered, whatever it said. */
  answered(): void {
    this.#failures = 0;
    this.#namespaces.clear();
    this.#pauseMs = 0;
    this.#isTrying = false;
  }

  failed({ at, namespace, canBeTheQuery }: CountedFailure): void {
    const isTry = this.#isTrying;
    this.#isTrying = false;
    // Queries that were under way when the circuit opened say nothing new.
    if (this.#pauseMs > 0 && !isTry) return;
    this.#failures += 1;
    this.#namespaces.add(namespace);
    const isSure = !canBeTheQuery || this.#namespaces.size > 1;
    if (!isTry && (this.#failures < FAILURES || !isSure)) return;
    this.#pauseMs = Math.min(this.#pauseMs * 2 || FIRST_PAUSE_MS, LONGEST_PAUSE_MS);
    this.#openUntil = at + this.#pauseMs;
  }
}
