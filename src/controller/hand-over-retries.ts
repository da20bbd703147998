// When fields that could not be handed over are tried again. State only: time is an argument.
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import { type Failure, judgeFailure } from "./result-policy.ts";

/**
 * The workload changes often while its rollback is carried out. What was refused is refused again, until somebody changes
 * what refuses it.
 */
const PAUSE_MS: Readonly<Record<Failure["is"], number>> = {
  conflict: 1_000,
  error: 10_000,
  terminal: 10 * 60_000,
};

/** Nothing waits for a hand-over, so one that fails must not cost requests each time something happens. */
export class HandOverRetries {
  readonly #dueAt = new Map<ReconcileKey, number>();

  /** When it can be tried again; undefined: now. */
  pausedUntil(key: ReconcileKey, now: number): number | undefined {
    const dueAt = this.#dueAt.get(key) ?? now;
    return dueAt > now ? dueAt : undefined;
  }

  /** Returns when to try again. */
  failed(key: ReconcileKey, error: unknown, now: number): number {
    const dueAt = now + PAUSE_MS[judgeFailure(error).is];
    this.#dueAt.set(key, dueAt);
    return dueAt;
  }

  /** It succeeded, or there is no such guard any more. */
  forget(key: ReconcileKey): void {
    this.#dueAt.delete(key);
  }
}
