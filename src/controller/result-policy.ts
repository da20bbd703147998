// What follows from the end of a pass: when the guard is looked at again, what is logged, what is counted. One place.
import { ApiError, ConflictError, isRefusedByValidation } from "../kube/connection/api-error.ts";
import type { GuardKey } from "../kube/guard-key.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { ReconcileResult } from "../telemetry/metric-table.ts";
import type { ClusterPort } from "./cluster-port.ts";
import { DecisionFailure, EffectFailure } from "./pass-failure.ts";
import type { Outcome } from "./reconcile.ts";
import type { Transitions } from "./transitions.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface ResultPolicyOptions {
  readonly queue: Pick<WorkQueue<GuardKey>, "add" | "addAt" | "retry" | "retrySoon" | "forget">;
  readonly transitions: Pick<Transitions, "decided" | "rollbackNotSent" | "forget">;
  readonly cluster: Pick<ClusterPort, "publishEvent">;
}

/**
 * - terminal: the API server will refuse the same again; look again when something changes, or at the resync.
 * - conflict: something changed in between; decide anew in a moment.
 * - error: everything else; try again with back-off, and not before `notBeforeMs` from now.
 */
export type Failure =
  | { readonly is: "terminal" }
  | { readonly is: "conflict" }
  | { readonly is: "error"; readonly notBeforeMs: number };

/** What kind of failure an error is; looks through the context that was added to it. */
export function judgeFailure(error: unknown): Failure {
  if (error instanceof EffectFailure) return judgeFailure(error.cause);
  if (error instanceof ConflictError) return { is: "conflict" };
  if (!(error instanceof ApiError)) return { is: "error", notBeforeMs: 0 };
  switch (error.status) {
    case 404:
    case 409:
      return { is: "conflict" };
    case 422:
      return isRefusedByValidation(error) ? { is: "terminal" } : { is: "conflict" };
    case 400:
    case 403:
      return { is: "terminal" };
    default:
      return { is: "error", notBeforeMs: error.retryAfterMs ?? 0 };
  }
}

/** Remembers what was refused, so that each refusal is told once. */
export class ResultPolicy {
  readonly #options: ResultPolicyOptions;
  readonly #refusals = new Map<GuardKey, string>();

  constructor(options: ResultPolicyOptions) {
    this.#options = options;
  }

  /** The pass came to an end. */
  ended(key: GuardKey, outcome: Outcome, log: Logger): ReconcileResult {
    const { queue, transitions } = this.#options;
    switch (outcome.is) {
      case "gone":
        queue.forget(key);
        transitions.forget(key);
        this.#refusals.delete(key);
        return "success";
      case "settled":
      case "rolledBack": {
        const { snapshot, decision } = outcome;
        queue.forget(key);
        this.#refusals.delete(key);
        transitions.decided(log, key, snapshot, decision);
        if (outcome.is === "rolledBack") queue.add(key);
        else if (decision.wakeAt !== undefined) queue.addAt(key, decision.wakeAt);
        return "success";
      }
      case "behind":
        log.debug(`no verdict yet: ${outcome.why}`);
        queue.addAt(key, outcome.lookAt);
        return "conflict";
      case "conflict":
        transitions.rollbackNotSent(log, outcome.why);
        queue.retrySoon(key);
        return "conflict";
    }
  }

  /** The pass failed. */
  async failed(key: GuardKey, error: unknown, log: Logger): Promise<ReconcileResult> {
    const { queue } = this.#options;
    const failure = judgeFailure(error);
    const message = error instanceof Error ? error.message : String(error);
    switch (failure.is) {
      case "conflict":
        log.debug(`conflict: ${message}`);
        queue.retrySoon(key);
        return "conflict";
      case "terminal":
        queue.forget(key);
        if (this.#refusals.get(key) !== message) {
          this.#refusals.set(key, message);
          log.error(`${message}; tried again when something changes, or at the next resync`, { error });
          await this.#tellRefusedRollback(error, message);
        }
        return "terminal";
      case "error":
        log.error(error instanceof DecisionFailure ? message : `${message}; will be tried again`, { error });
        queue.retry(key, failure.notBeforeMs);
        return "error";
    }
  }

  /** While a rollback is under way the guard's status waits for it: who looks at the guard must learn it otherwise. */
  async #tellRefusedRollback(error: unknown, message: string): Promise<void> {
    if (!(error instanceof EffectFailure) || error.effect.type !== "rollBack") return;
    await this.#options.cluster.publishEvent(error.snapshot, {
      on: "RolloutGuard",
      type: "Warning",
      reason: "RollingBack",
      message: `The rollback is refused: ${message}`,
    });
  }
}
