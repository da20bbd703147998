// Tasks of all guards in one queue, of which the guards of one namespace never hold more than their share.
import PQueue from "p-queue";

export interface FairQueueOptions {
  /** How many tasks run at once. */
  readonly atOnce: number;
  /** How many of one namespace. */
  readonly atOnceOfNamespace: number;
}

export class FairQueue {
  readonly #all: PQueue;
  readonly #concurrency: number;
  /** The namespaces with a task that waits or runs. */
  readonly #byNamespace = new Map<string, PQueue>();

  constructor({ atOnce, atOnceOfNamespace }: FairQueueOptions) {
    this.#all = new PQueue({ concurrency: atOnce });
    this.#concurrency = atOnceOfNamespace;
  }

  /** Runs the task when its turn comes, and settles as it does. */
  async run<T>(namespace: string, task: () => Promise<T>): Promise<T> {
    const own = this.#byNamespace.get(namespace) ?? new PQueue({ concurrency: this.#concurrency });
    this.#byNamespace.set(namespace, own);
    try {
      return await own.add(() => this.#all.add(task));
    } finally {
      if (own.size === 0 && own.pending === 0) this.#byNamespace.delete(namespace);
    }
  }
}
