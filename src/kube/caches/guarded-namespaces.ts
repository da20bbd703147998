// The namespaces that have a guard. What is in others concerns nobody, and a cluster has many of them.

/** Knows of each guarded namespace whether everything in it has been read. Changed only by the caches. */
export class GuardedNamespaces {
  readonly #isRead = new Map<string, boolean>();

  [Symbol.iterator](): Iterator<string> {
    return this.#isRead.keys();
  }

  has(namespace: string): boolean {
    return this.#isRead.has(namespace);
  }

  /** Whether what is cached of the namespace is all that there is. */
  isRead(namespace: string): boolean {
    return this.#isRead.get(namespace) === true;
  }

  /** True when the namespace had no guard before. */
  add(namespace: string): boolean {
    if (this.has(namespace)) return false;
    this.#isRead.set(namespace, false);
    return true;
  }

  remove(namespace: string): void {
    this.#isRead.delete(namespace);
  }

  /** False when the namespace has lost its guards meanwhile. */
  markRead(namespace: string): boolean {
    if (!this.has(namespace)) return false;
    this.#isRead.set(namespace, true);
    return true;
  }
}
