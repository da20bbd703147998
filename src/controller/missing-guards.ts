// Since when guards are known to be missing that have left something behind. State only: time is an argument.
import type { ReconcileKey } from "../kube/reconcile-key.ts";

/** After a restart the time begins again: nobody knows when the guard was deleted. */
export class MissingGuards {
  readonly #sinceAt = new Map<ReconcileKey, number>();
  readonly #resumed = new Set<ReconcileKey>();

  /** Since when the guard is missing (epoch ms): now, where it is missed for the first time. */
  sinceAt(key: ReconcileKey, now: number): number {
    const sinceAt = this.#sinceAt.get(key) ?? now;
    this.#sinceAt.set(key, sinceAt);
    return sinceAt;
  }

  /** The workload is not paused by RolloutGuard any more. Its Incidents go on telling of a pause, so it is noted here. */
  resumed(key: ReconcileKey): void {
    this.#resumed.add(key);
  }

  hasResumed(key: ReconcileKey): boolean {
    return this.#resumed.has(key);
  }

  /** The guard is there, or nothing is left of it. */
  forget(key: ReconcileKey): void {
    this.#sinceAt.delete(key);
    this.#resumed.delete(key);
  }
}
