// The rollbacks that the API server refused, and when each is sent again. State only: time is an argument. Nothing of it has
// to outlive the process: another one sends the change, and is refused as well.
import type { RestoreTemplate } from "../domain/effects/change.ts";
import type { Refusal } from "../domain/snapshot/surroundings.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import { refusalDelayMs } from "./retry-delay.ts";

interface CountedRefusal extends Refusal {
  /** In a row. */
  readonly times: number;
}

export class Refusals {
  readonly #byKey = new Map<ReconcileKey, CountedRefusal>();
  readonly #chance: () => number;

  /** `chance` is in [0, 1). */
  constructor(chance: () => number = Math.random) {
    this.#chance = chance;
  }

  /** The change was refused, in those words. */
  note(key: ReconcileKey, { expect: { uid }, from, to }: RestoreTemplate, why: string, now: number): void {
    const before = this.#byKey.get(key);
    const isSame = before?.uid === uid && before.from === from.hash && before.to === to.hash;
    const times = isSame ? before.times + 1 : 1;
    const retryAt = now + refusalDelayMs(times, this.#chance());
    this.#byKey.set(key, { uid, from: from.hash, to: to.hash, why, retryAt, times });
  }

  /** The last change of the guard's workload that was refused, unless one was accepted since. */
  of(key: ReconcileKey): Refusal | undefined {
    return this.#byKey.get(key);
  }

  /** A change was accepted, or the guard is gone. */
  forget(key: ReconcileKey): void {
    this.#byKey.delete(key);
  }
}
