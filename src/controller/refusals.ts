// The changes of one kind that the API server refused, and when each is sent again. State only: time is an argument. Nothing of it
// has to outlive the process: another one sends the change, and is refused as well.
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import { refusalDelayMs } from "./retry-delay.ts";

/** What was refused, in the API server's words, and when it is to be sent again (epoch ms). */
type Refused<What> = What & { readonly why: string; readonly retryAt: number };

interface Counted<What> {
  readonly what: string;
  readonly refused: Refused<What>;
  /** In a row. */
  readonly times: number;
}

export class Refusals<What extends object> {
  readonly #byKey = new Map<ReconcileKey, Counted<What>>();
  readonly #chance: () => number;

  /** `chance` is in [0, 1). */
  constructor(chance: () => number = Math.random) {
    this.#chance = chance;
  }

  /** The change was refused, in those words. */
  note(key: ReconcileKey, change: What, why: string, now: number): void {
    const before = this.#byKey.get(key);
    const what = JSON.stringify(change);
    const times = before?.what === what ? before.times + 1 : 1;
    const retryAt = now + refusalDelayMs(times, this.#chance());
    this.#byKey.set(key, { what, refused: { ...change, why, retryAt }, times });
  }

  /** The last change of the guard's workload that was refused, unless one was accepted since. */
  of(key: ReconcileKey): Refused<What> | undefined {
    return this.#byKey.get(key)?.refused;
  }

  /** A change was accepted, or the guard is gone. */
  forget(key: ReconcileKey): void {
    this.#byKey.delete(key);
  }
}
