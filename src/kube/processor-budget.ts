// How much of the processor the work for each namespace has used lately, and when there is room for more. A namespace that keeps
// the operator busy waits for itself; the others do not wait for it. Pure: time and use are arguments.

export interface ProcessorBudgetOptions {
  /** The part of a processor that one namespace can use all the time. */
  readonly share: number;
  /** Processor time (ms) that it can use at once beyond that. */
  readonly burstMs: number;
}

interface Use {
  /** What is not worked off yet at that time. */
  readonly ms: number;
  readonly at: number;
}

/** A sound namespace uses a few ms a second; one with thousands of guards needs a while after a start. */
const USUAL: ProcessorBudgetOptions = { share: 0.5, burstMs: 1_000 };
/** After a longer time a namespace is worked for again, whatever it used: its guards must not fall silent. */
const LONGEST_WAIT_MS = 10_000;
/** Those without use are dropped when there are so many. */
const MOST_NAMESPACES = 1_000;

/** Counts use by namespace; what was used is worked off at the pace of its share. */
export class ProcessorBudget {
  readonly #options: ProcessorBudgetOptions;
  readonly #uses = new Map<string, Use>();

  constructor(options: ProcessorBudgetOptions = USUAL) {
    this.#options = options;
  }

  /** The work for the namespace has used so much processor time, up to `at` (epoch ms). */
  note(namespace: string, usedMs: number, at: number): void {
    const { share, burstMs } = this.#options;
    const ms = Math.min(this.#leftOver(namespace, at) + usedMs, burstMs + LONGEST_WAIT_MS * share);
    this.#uses.set(namespace, { ms, at });
    if (this.#uses.size > MOST_NAMESPACES) this.#dropIdle(at);
  }

  /** When the namespace can be worked for: `at`, or a later time (epoch ms). */
  freeAt(namespace: string, at: number): number {
    const { share, burstMs } = this.#options;
    const tooMuch = this.#leftOver(namespace, at) - burstMs;
    return tooMuch <= 0 ? at : Math.ceil(at + tooMuch / share);
  }

  #leftOver(namespace: string, at: number): number {
    const use = this.#uses.get(namespace);
    return use === undefined ? 0 : Math.max(0, use.ms - Math.max(0, at - use.at) * this.#options.share);
  }

  #dropIdle(at: number): void {
    for (const namespace of this.#uses.keys())
      if (this.#leftOver(namespace, at) === 0) this.#uses.delete(namespace);
  }
}
