// What guards leave behind that are deleted, and since when they are known to be missing. State only: time is an argument.
import type { ReconcileKey } from "../kube/reconcile-key.ts";

/** After a restart the time begins again: nobody knows when the guard was deleted. */
export class MissingGuards {
  readonly #sinceAt = new Map<ReconcileKey, number>();
  readonly #resumed = new Set<ReconcileKey>();
  readonly #frozen = new Set<ReconcileKey>();

  /** Since when the guard is missing (epoch ms): now, where it is missed for the first time. */
  sinceAt(key: ReconcileKey, now: number): number {
    const sinceAt = this.#sinceAt.get(key) ?? now;
    this.#sinceAt.set(key, sinceAt);
    return sinceAt;
  }

  /** The guard is there, and whether RolloutGuard has paused the rollout of its workload: of that no Incident tells. */
  see(key: ReconcileKey, isFrozen: boolean): void {
    this.forget(key);
    if (isFrozen) this.#frozen.add(key);
  }

  /** Whether the rollout was paused when the guard was last there. */
  leftFrozen(key: ReconcileKey): boolean {
    return this.#frozen.has(key);
  }

  /** The workload is not paused by RolloutGuard any more. Its Incidents go on telling of a pause, so it is noted here. */
  resumed(key: ReconcileKey): void {
    this.#frozen.delete(key);
    this.#resumed.add(key);
  }

  hasResumed(key: ReconcileKey): boolean {
    return this.#resumed.has(key);
  }

  /** Nothing is left of the guard. */
  forget(key: ReconcileKey): void {
    this.#frozen.delete(key);
    this.#sinceAt.delete(key);
    this.#resumed.delete(key);
  }
}
