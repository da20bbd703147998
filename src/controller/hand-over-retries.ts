// When fields that could not be handed over are tried again. State only: time is an argument.
import { ApiError, ConflictError, ConnectionError } from "../kube/connection/api-error.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";

/** The workload changes often while its rollback is carried out. */
const AFTER_CONFLICT_MS = 1_000;
const AFTER_ERROR_MS = 10_000;
/** What was refused is refused again, until somebody changes what refuses it. */
const AFTER_REFUSAL_MS = 10 * 60_000;

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
    const dueAt = now + pauseAfter(error);
    this.#dueAt.set(key, dueAt);
    return dueAt;
  }

  /** It succeeded, or there is no such guard any more. */
  forget(key: ReconcileKey): void {
    this.#dueAt.delete(key);
  }
}

function pauseAfter(error: unknown): number {
  if (error instanceof ConflictError) return AFTER_CONFLICT_MS;
  return isPassing(error) ? AFTER_ERROR_MS : AFTER_REFUSAL_MS;
}

/** Whether nobody has to do anything about it: the object changed, the API server cannot be reached or is overloaded. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500 || error.status === 429;
  return error instanceof ConflictError || error instanceof ConnectionError;
}
