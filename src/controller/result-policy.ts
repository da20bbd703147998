// What follows from the end of a pass: when the guard is looked at again, what is logged, what is counted. One place.

import type { AnswerScheduler } from "../answers/answer-scheduler.ts";
import { type Change, changeText } from "../domain/effects/change.ts";
import { type Act, eventEffect, isAboutRollout } from "../domain/effects/effect.ts";
import { guardCannotWork, guardRefused } from "../domain/notices/events.ts";
import type { Clock } from "../kube/clock.ts";
import { ApiError, ConflictError, isRefusal } from "../kube/connection/api-error.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import { Complaints } from "../telemetry/complaints.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { ReconcileResult } from "../telemetry/metric-table.ts";
import type { ClusterPort } from "./cluster-port.ts";
import { isPassing } from "./hand-over-retries.ts";
import type { IncidentTally } from "./incident-tally.ts";
import { DecisionFailure, EffectFailure } from "./pass-failure.ts";
import type { Outcome } from "./reconcile.ts";
import type { Transitions } from "./transitions.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface ResultPolicyOptions {
  readonly queue: Pick<WorkQueue<ReconcileKey>, "add" | "addAt" | "retry" | "retrySoon" | "forget">;
  readonly transitions: Pick<Transitions, "decided" | "rollbackNotSent" | "rollbackRefused" | "forget">;
  readonly tally: Pick<IncidentTally, "see" | "forget">;
  readonly answers: Pick<AnswerScheduler, "forget">;
  readonly cluster: Pick<ClusterPort, "notify">;
  readonly clock: Pick<Clock, "now">;
}

/** A server that asks for more is asked again all the same: a proxy may have made it up, and a rollout may be failing. */
const LONGEST_RETRY_AFTER_MS = 60_000;

/** A failure that lasts is told again after so long. */
const SAME_FAILURE_MS = 10 * 60_000;

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
  // A webhook that does not answer may do so in a moment.
  if (isRefusal(error) && error.status < 500) return { is: "terminal" };
  switch (error.status) {
    case 404:
    case 409:
    case 422:
      return { is: "conflict" };
    default:
      return { is: "error", notBeforeMs: Math.min(error.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS) };
  }
}

/** Remembers what failed, so that a failure that lasts is told once and not with each try. */
export class ResultPolicy {
  readonly #options: ResultPolicyOptions;
  readonly #refusals = new Complaints({ quietMs: Number.POSITIVE_INFINITY });
  /** Apart from the others: between two tries there are passes that end well. */
  readonly #refusedChanges = new Complaints({ quietMs: Number.POSITIVE_INFINITY });
  readonly #failures = new Complaints({ quietMs: SAME_FAILURE_MS });

  constructor(options: ResultPolicyOptions) {
    this.#options = options;
  }

  /** The pass came to an end. */
  ended(key: ReconcileKey, outcome: Outcome, log: Logger): ReconcileResult {
    const { queue, transitions, tally, answers } = this.#options;
    if ("snapshot" in outcome && !outcome.snapshot.surroundings.isUnseen)
      tally.see(key, outcome.snapshot.incidents);
    switch (outcome.is) {
      case "gone":
        queue.forget(key);
        answers.forget(key);
        transitions.forget(key);
        tally.forget(key);
        this.#settle(key);
        this.#refusedChanges.settle(key);
        return "success";
      case "unguarded":
        queue.forget(key);
        answers.forget(key);
        transitions.forget(key);
        this.#settle(key);
        queue.addAt(key, outcome.recheckAt);
        return "success";
      case "settled":
      case "changed": {
        const { snapshot, decision } = outcome;
        queue.forget(key);
        this.#settle(key);
        transitions.decided(log, key, snapshot, decision);
        if (outcome.is === "changed") {
          this.#refusedChanges.settle(key);
          queue.add(key);
        } else if (decision.wakeAt !== undefined) queue.addAt(key, decision.wakeAt);
        return "success";
      }
      case "behind":
        log.debug(`no decision yet: ${outcome.why}`);
        queue.addAt(key, outcome.retryAt);
        return "conflict";
      case "conflict":
        this.#notDone(outcome.act, outcome.why, log);
        queue.retrySoon(key);
        return "conflict";
      case "refused":
        queue.forget(key);
        this.#refused(key, outcome.change, outcome.why, log);
        queue.add(key);
        return "terminal";
    }
  }

  /** The pass failed. */
  async failed(key: ReconcileKey, error: unknown, log: Logger): Promise<ReconcileResult> {
    const { queue, clock } = this.#options;
    const failure = judgeFailure(error);
    const message = error instanceof Error ? error.message : String(error);
    switch (failure.is) {
      case "conflict":
        log.debug(`conflict: ${message}`);
        queue.retrySoon(key);
        return "conflict";
      case "terminal":
        queue.forget(key);
        if (this.#refusals.isNews(key, message, clock.now())) {
          log.error(`${message}; retrying when something changes or at the next resync`, { error });
          await this.#reportOnGuard(error, message);
        }
        return "terminal";
      case "error":
        if (this.#failures.isNews(key, kindOf(error), clock.now()))
          log.error(error instanceof DecisionFailure ? message : `${message}; retrying`, {
            error,
          });
        else log.debug(`still failing: ${message}`);
        queue.retry(key, failure.notBeforeMs);
        return "error";
    }
  }

  /** The fields of a rollback stay RolloutGuard's for now. */
  notHandedOver(failure: EffectFailure, log: Logger): void {
    const line = `${failure.message}; until this succeeds, the next apply can fail with a conflict`;
    if (isPassing(failure.cause)) log.debug(line);
    else log.warn(line, { error: failure });
  }

  #notDone(act: Act, why: string, log: Logger): void {
    if (act.type === "updateIncident") log.info(`status of the Incident not updated: ${why}`);
    else if (act.type === "change" && act.change.do !== "restoreTemplate")
      log.info(`not sent: ${changeText(act.change)}: ${why}`);
    else this.#options.transitions.rollbackNotSent(log, why);
  }

  #refused(key: ReconcileKey, change: Change, why: string, log: Logger): void {
    const isRollback = change.do === "restoreTemplate";
    if (isRollback) this.#options.transitions.rollbackRefused();
    const line = `${isRollback ? "rollback" : changeText(change)} refused by the API server: ${why}`;
    if (this.#refusedChanges.isNews(key, line, this.#options.clock.now())) log.error(line);
  }

  #settle(key: ReconcileKey): void {
    this.#refusals.settle(key);
    this.#failures.settle(key);
  }

  /**
   * Who looks at the guard must learn what its status cannot tell: a pass ends with the Incident that cannot be opened or
   * written, and the API server takes no status of a guard whose spec its schema would refuse today.
   */
  async #reportOnGuard(error: unknown, message: string): Promise<void> {
    if (!(error instanceof EffectFailure)) return;
    const { effect, snapshot } = error;
    const { spec } = snapshot.guard;
    const { cluster } = this.#options;
    if (isAboutRollout(effect)) await cluster.notify(snapshot, eventEffect(guardRefused(message)));
    else if (effect.type === "updateGuardStatus" && "invalid" in spec)
      await cluster.notify(snapshot, eventEffect(guardCannotWork("InvalidSpec", spec.invalid)));
  }
}

/** What makes two failures the same although their words differ: names of pods, times, numbers of tries. */
function kindOf(error: unknown): string {
  if (error instanceof EffectFailure) return `${error.effect.type}: ${kindOf(error.cause)}`;
  if (error instanceof DecisionFailure) return `${error.name}: ${String(error.cause)}`.slice(0, 200);
  if (error instanceof ApiError) return `${error.name} ${error.status}`;
  return error instanceof Error ? error.name : typeof error;
}
