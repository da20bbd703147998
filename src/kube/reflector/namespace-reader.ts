// Reads one namespace at a time, beside the watches of the whole cluster: for namespaces that get their first guard.
import { sleep } from "../clock.ts";
import { type Feed, listInto } from "./feed.ts";
import { adviceOn, retryPlanFor } from "./reflector-failure.ts";

/** A feed of a namespace, and who hears what goes wrong with it. */
export interface NamespaceFeed extends Feed {
  readonly namespace: string;
  readonly onProblem: (message: string, error: unknown) => void;
  /** Whether the namespace counts as read without it, when it was tried once. */
  readonly isOnlyEvidence: boolean;
}

export interface NamespaceReaderOptions {
  /** What has to be read of a namespace. */
  readonly feedsOf: (namespace: string) => readonly NamespaceFeed[];
  /** Everything of the namespace is in the sinks. */
  readonly onRead: (namespace: string) => void;
  /** In [0, 1). */
  readonly chance?: (() => number) | undefined;
}

/** Tries until it succeeds, however often that fails; never rejects. */
export class NamespaceReader {
  readonly #options: NamespaceReaderOptions;
  readonly #readings = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();

  constructor(options: NamespaceReaderOptions) {
    this.#options = options;
  }

  /** Begins to read the namespace; begins anew when it is being read. */
  read(namespace: string): void {
    this.#readings.get(namespace)?.abort.abort();
    const abort = new AbortController();
    const reading = { abort, done: this.#readAll(namespace, abort.signal) };
    this.#readings.set(namespace, reading);
    void reading.done.then(() => {
      if (this.#readings.get(namespace) === reading) this.#readings.delete(namespace);
    });
  }

  /** Resolves when nothing is being read any more. */
  async stop(): Promise<void> {
    const readings = [...this.#readings.values()];
    for (const { abort } of readings) abort.abort();
    await Promise.all(readings.map(({ done }) => done));
  }

  async #readAll(namespace: string, signal: AbortSignal): Promise<void> {
    const { feedsOf, onRead } = this.#options;
    const readings = feedsOf(namespace).map((feed) => {
      const tried = Promise.withResolvers<void>();
      const read = this.#readOne(feed, signal, tried.resolve);
      return { read, enough: feed.isOnlyEvidence ? Promise.race([read, tried.promise]) : read };
    });
    await Promise.all(readings.map(({ enough }) => enough));
    if (!signal.aborted) onRead(namespace);
    await Promise.all(readings.map(({ read }) => read));
  }

  async #readOne(feed: NamespaceFeed, signal: AbortSignal, onTried: () => void): Promise<void> {
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        await listInto(feed, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const { chance = Math.random } = this.#options;
        onTried();
        feed.onProblem(adviceOn(error, feed.resource, feed.namespace), error);
        await sleep(feed.clock, retryPlanFor(error, failures, chance()).delayMs, signal);
      }
    }
  }
}
