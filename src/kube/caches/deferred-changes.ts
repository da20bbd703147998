// Changes in namespaces that have used up their share of the processor: the newest of each object is kept until it can be read.
import type { Clock, ProcessorClock } from "../clock.ts";
import type { ProcessorBudget } from "../processor-budget.ts";
import type { UnreadChange } from "../reflector/reflector-sink.ts";
import type { ResourceName } from "../resources.ts";
import type { UnreadableObject } from "./cached-resources.ts";

/** A change as a watch brings it; parsing it is a part of reading it. */
export interface WatchedChange extends UnreadChange {
  readonly resource: ResourceName;
  readonly at: number;
}

export interface DeferredChangesOptions {
  readonly budget: ProcessorBudget;
  readonly clock: Clock & ProcessorClock;
}

/** Where changes go. */
export interface ChangeReader {
  /** Takes a change into the caches. */
  readonly read: (change: WatchedChange) => void;
  /** A change that was kept cannot be read, and nobody is there any more to be told by a throw. */
  readonly onUnreadable: (unreadable: UnreadableObject) => void;
}

/** How many objects of a namespace are kept unread; beyond that the oldest is read all the same. */
const MOST_OBJECTS = 200;
/** And how many characters of them. */
const MOST_CHARACTERS = 8_000_000;

/** Reads changes at once where the namespace has room, and later, each object once, where it has none. */
export class DeferredChanges {
  readonly #options: DeferredChangesOptions;
  readonly #reader: ChangeReader;
  readonly #waiting = new Map<string, Map<string, WatchedChange>>();

  constructor(options: DeferredChangesOptions, reader: ChangeReader) {
    this.#options = options;
    this.#reader = reader;
  }

  /** Throws where the change is read at once and cannot be. */
  take(change: WatchedChange): void {
    const { namespace, name } = change;
    const waiting = this.#waiting.get(namespace);
    const { budget, clock } = this.#options;
    if (!waiting && budget.freeAt(namespace, clock.now()) <= clock.now()) {
      this.#measure(namespace, change);
      return;
    }
    const changes = waiting ?? new Map<string, WatchedChange>();
    if (!waiting) {
      this.#waiting.set(namespace, changes);
      this.#wait(namespace);
    }
    changes.set(`${change.resource}/${name}`, change);
    while (isTooMuch(changes)) this.#readFirst(namespace, changes);
  }

  /** Reads all of the resource now: a list is about to come, and what was before it must not come after it. */
  flush(resource: ResourceName): void {
    for (const [namespace, changes] of this.#waiting) {
      for (const [key, change] of changes) {
        if (change.resource !== resource) continue;
        changes.delete(key);
        this.#readKept(namespace, change);
      }
    }
  }

  #wait(namespace: string): void {
    const { budget, clock } = this.#options;
    const delayMs = Math.max(1, budget.freeAt(namespace, clock.now()) - clock.now());
    clock.after(delayMs, () => this.#readOn(namespace));
  }

  #readOn(namespace: string): void {
    const { budget, clock } = this.#options;
    const changes = this.#waiting.get(namespace);
    if (!changes) return;
    while (changes.size > 0 && budget.freeAt(namespace, clock.now()) <= clock.now())
      this.#readFirst(namespace, changes);
    if (changes.size > 0) this.#wait(namespace);
    else this.#waiting.delete(namespace);
  }

  #readFirst(namespace: string, changes: Map<string, WatchedChange>): void {
    const [first] = changes;
    if (first === undefined) return;
    changes.delete(first[0]);
    this.#readKept(namespace, first[1]);
  }

  #readKept(namespace: string, change: WatchedChange): void {
    try {
      this.#measure(namespace, change);
    } catch (cause) {
      const { resource, name } = change;
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#reader.onUnreadable({
        resource,
        object: `${namespace}/${name}`,
        problem: `It could not be read and is ignored: ${why}`,
      });
    }
  }

  #measure(namespace: string, change: WatchedChange): void {
    const { budget, clock } = this.#options;
    const before = clock.processorMs();
    this.#reader.read(change);
    budget.note(namespace, clock.processorMs() - before, clock.now());
  }
}

function isTooMuch(changes: ReadonlyMap<string, WatchedChange>): boolean {
  const characters = [...changes.values()].reduce((sum, { length }) => sum + length, 0);
  return changes.size > MOST_OBJECTS || characters > MOST_CHARACTERS;
}
