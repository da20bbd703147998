// One pass over one guard: observe, decide, decide again before anything is done, carry the effects out in order. A
// failed write ends the pass; the next one decides again, so nothing has to be undone or remembered here.

import type { AnswerScheduler } from "../answers/answer-scheduler.ts";
import type { Change } from "../domain/effects/change.ts";
import {
  type Act,
  type ChangeEffect,
  changeEffect,
  type Effect,
  type HandOverFields,
  isAboutRollout,
  isAct,
} from "../domain/effects/effect.ts";
import { thawOf } from "../domain/freeze/thaw.ts";
import { reviewPause } from "../domain/incidents/freeze.ts";
import { reviewUnguarded } from "../domain/incidents/unguarded.ts";
import { withAnswers } from "../domain/questions/with-answers.ts";
import type { Ground } from "../domain/snapshot/ground.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { ConflictError, RefusedError } from "../kube/connection/api-error.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import type { ClusterPort } from "./cluster-port.ts";
import { type DecideDependencies, decideOn } from "./decide-on.ts";
import type { HandOverRetries } from "./hand-over-retries.ts";
import type { MissingGuards } from "./missing-guards.ts";
import { DecisionFailure, EffectFailure } from "./pass-failure.ts";
import { type Decided, decideAgain, type LiveDecision } from "./second-decision.ts";
import type { StatusBudget } from "./status-budget.ts";

export interface ReconcileDependencies extends DecideDependencies {
  readonly cluster: ClusterPort;
  readonly answers: Pick<AnswerScheduler, "known" | "want" | "askToRecord">;
  /** What of the caches a decision about the guard needs that rests on this, and does not show the present; in words. */
  readonly staleSources: (restsOn: readonly Ground[]) => string | undefined;
  readonly statusBudget: Pick<StatusBudget, "take">;
  readonly handOverRetries: Pick<HandOverRetries, "pausedUntil" | "failed" | "forget">;
  readonly missingGuards: Pick<
    MissingGuards,
    "see" | "sinceAt" | "leftFrozen" | "resumed" | "hasResumed" | "forget"
  >;
  /** Called with each effect after it was written, and the snapshot that it was decided on. */
  readonly onWritten: (snapshot: Snapshot, effect: Effect) => void;
  /** Called when fields could not be handed over; it will be tried again. */
  readonly onNotHandedOver: (snapshot: Snapshot, failure: EffectFailure) => void;
}

/** How a pass ended. */
export type Outcome =
  /** There is no such guard any more, and nothing is left of it. */
  | { readonly is: "gone" }
  /** There is no such guard any more; what it has left behind ends now or later. */
  | { readonly is: "unguarded"; readonly snapshot: Snapshot; readonly recheckAt: number }
  /** All that was decided is done. */
  | ({ readonly is: "settled" } & Decided)
  /** A change was sent, and its answer recorded; what follows from it is for the next pass, at once. */
  | ({ readonly is: "changed" } & Decided)
  /** The caches do not, or may not, show the present: it would be decided on the past. The rest was not written. */
  | { readonly is: "behind"; readonly snapshot: Snapshot; readonly why: string; readonly retryAt: number }
  /** The second decision is another one, or the object changed in between: nothing was sent. */
  | {
      readonly is: "conflict";
      readonly snapshot: Snapshot;
      readonly why: string;
      /** What was not done. */
      readonly act: Act;
    }
  /** The API server refuses the change; what follows from that is for the next pass, at once. */
  | { readonly is: "refused"; readonly snapshot: Snapshot; readonly why: string; readonly change: Change };

/** How long to wait for caches that are behind. What their watches bring makes a pass too. */
const BEHIND_MS = 2_000;

/** Makes one pass over the guard. Rejects with DecisionFailure or EffectFailure. */
export async function reconcile(key: ReconcileKey, dependencies: ReconcileDependencies): Promise<Outcome> {
  const { cluster, answers, clock, staleSources, missingGuards } = dependencies;
  const observed = cluster.observe(key);
  if (!observed) return endWhatIsLeft(key, dependencies);
  missingGuards.see(key, observed.workload?.frozenRevision !== undefined);
  const snapshot = withAnswers(observed, answers.known(key));
  const decision = decideOn(snapshot, dependencies);
  answers.want(key, snapshot, decision.questions);
  const first = { snapshot, decision };
  const behind = decision.effects.some(isAboutRollout) ? staleSources(decision.restsOn) : undefined;
  if (behind) {
    return { is: "behind", snapshot, why: `caches are behind: ${behind}`, retryAt: clock.now() + BEHIND_MS };
  }
  const act = decision.effects.find(isAct);
  if (!act) return carryOut(key, first, dependencies);
  const second = await orFailure(snapshot, act, () => decideAgain(key, first, dependencies));
  if ("objection" in second) return { is: "conflict", snapshot, why: second.objection, act };
  return carryOut(key, second, dependencies);
}

/** There is no such guard: ends the Incidents that nobody decides about any more, and RolloutGuard's own pause. */
async function endWhatIsLeft(key: ReconcileKey, dependencies: ReconcileDependencies): Promise<Outcome> {
  const { cluster, clock, staleSources, handOverRetries, missingGuards, onWritten } = dependencies;
  handOverRetries.forget(key);
  const isFrozen = missingGuards.leftFrozen(key);
  const snapshot = cluster.observeUnguarded(key, isFrozen);
  if (!snapshot) {
    missingGuards.forget(key);
    return { is: "gone" };
  }
  const now = clock.now();
  const { effects, endsPause, recheckAt } = reviewUnguarded(snapshot, missingGuards.sinceAt(key, now), now);
  const isResuming = isFrozen || (endsPause && !missingGuards.hasResumed(key));
  const behind = isResuming || effects.length > 0 ? staleSources([]) : undefined;
  if (behind) return { is: "unguarded", snapshot, recheckAt: now + BEHIND_MS };
  for (const effect of effects) {
    await write(cluster, snapshot, effect);
    onWritten(snapshot, effect);
  }
  if (isResuming) await resumeUnguarded(key, dependencies);
  if (recheckAt === undefined && effects.length === 0) return { is: "gone" };
  return { is: "unguarded", snapshot, recheckAt: recheckAt ?? now };
}

/** Ends the pause of a workload without a guard, if it is still there: the guard must not keep a template from rolling out. */
async function resumeUnguarded(key: ReconcileKey, dependencies: ReconcileDependencies): Promise<void> {
  const { cluster, clock, missingGuards, onWritten } = dependencies;
  const live = await cluster.observeUnguardedLive(key, missingGuards.leftFrozen(key));
  const resume =
    live &&
    (reviewPause(live.snapshot, undefined, clock.now()).resume ?? thawOf(live.snapshot, undefined)?.change);
  if (live && resume) {
    const effect = changeEffect(resume);
    await orFailure(live.snapshot, effect, () => live.change(resume));
    onWritten(live.snapshot, effect);
  }
  missingGuards.resumed(key);
}

/** Writes the effects one after the other, until one has to wait; a change is the last. */
async function carryOut(
  key: ReconcileKey,
  decided: Decided | LiveDecision,
  dependencies: ReconcileDependencies,
): Promise<Outcome> {
  const { cluster, clock, statusBudget, onWritten } = dependencies;
  const { snapshot, decision } = decided;
  let handOverAt: number | undefined;
  for (const effect of decision.effects) {
    if (effect.class === "change") {
      const answered = await send(decided, effect);
      if ("why" in answered) return { ...answered, snapshot };
      onWritten(snapshot, effect);
      await recordAnswer(answered, dependencies);
      return { is: "changed", snapshot, decision };
    }
    if (effect.type === "handOverFields") {
      handOverAt = await handOver(key, snapshot, effect, dependencies);
      continue;
    }
    const wait = statusBudget.take(key, effect, clock.now());
    if (wait) return { is: "behind", snapshot, why: wait.why, retryAt: wait.untilAt };
    await write(cluster, snapshot, effect);
    onWritten(snapshot, effect);
  }
  const wakeAts = [decision.wakeAt, handOverAt].filter((at) => at !== undefined);
  const wakeAt = wakeAts.length > 0 ? Math.min(...wakeAts) : undefined;
  return { is: "settled", snapshot, decision: { ...decision, wakeAt } };
}

/** Nothing else depends on it, so the pass continues when it fails. Resolves with when to try again, if at all. */
async function handOver(
  key: ReconcileKey,
  snapshot: Snapshot,
  effect: HandOverFields,
  { cluster, clock, handOverRetries, onWritten, onNotHandedOver }: ReconcileDependencies,
): Promise<number | undefined> {
  const pausedUntil = handOverRetries.pausedUntil(key, clock.now());
  if (pausedUntil !== undefined) return pausedUntil;
  try {
    await cluster.record(snapshot, effect);
  } catch (cause) {
    const retryAt = handOverRetries.failed(key, cause, clock.now());
    onNotHandedOver(snapshot, new EffectFailure(snapshot, effect, cause));
    return retryAt;
  }
  handOverRetries.forget(key);
  onWritten(snapshot, effect);
  return undefined;
}

/** Sends the change. What is known with its answer; or why the object was not the one that was judged any more, or it was refused. */
async function send(
  decided: Decided | LiveDecision,
  effect: ChangeEffect,
): Promise<
  | Snapshot
  | { readonly is: "conflict"; readonly why: string; readonly act: Act }
  | { readonly is: "refused"; readonly why: string; readonly change: Change }
> {
  if (!("change" in decided)) throw new TypeError("a change must be based on live objects");
  try {
    return await decided.change(effect.change);
  } catch (cause) {
    if (cause instanceof ConflictError) return { is: "conflict", why: cause.message, act: effect };
    if (cause instanceof RefusedError) return { is: "refused", why: cause.message, change: effect.change };
    throw new EffectFailure(decided.snapshot, effect, cause);
  }
}

/**
 * Records what the API server made of a change before anybody can have changed it again: what was sent, or what admission put in its
 * place. All else that follows is for the next pass: the guard's status, and what is said with it.
 */
async function recordAnswer(answered: Snapshot, dependencies: ReconcileDependencies): Promise<void> {
  const { cluster, onWritten } = dependencies;
  for (const effect of decideOn(answered, dependencies).effects) {
    if (effect.type !== "updateIncident" && effect.type !== "publishEvent") return;
    await write(cluster, answered, effect);
    onWritten(answered, effect);
  }
}

async function write(
  cluster: ClusterPort,
  snapshot: Snapshot,
  effect: Exclude<Effect, ChangeEffect>,
): Promise<void> {
  try {
    await (effect.class === "record" ? cluster.record(snapshot, effect) : cluster.notify(snapshot, effect));
  } catch (cause) {
    throw new EffectFailure(snapshot, effect, cause);
  }
}

/** Adds to an error what was being done about which guard; a decision that fails says that itself. */
async function orFailure<T>(snapshot: Snapshot, act: Act, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof DecisionFailure) throw cause;
    throw new EffectFailure(snapshot, act, cause);
  }
}
