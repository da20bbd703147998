// One pass over one guard: observe, decide, run the effects in order. A failed write ends the pass; the next one
// decides anew, so nothing has to be undone or remembered here.
import type { Decision, Effect, RollbackPlan } from "../domain/decision.ts";
import { isBehind } from "../domain/rollout/staleness.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Clock } from "../kube/clock.ts";
import { ConflictError } from "../kube/connection/api-error.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import type { ClusterPort, SecondLook } from "./cluster-port.ts";
import { DecisionFailure, EffectFailure } from "./pass-failure.ts";
import type { StatusBudget } from "./status-budget.ts";

export interface ReconcileDependencies {
  readonly cluster: ClusterPort;
  /** Pure: the same snapshot and time give the same decision. */
  readonly decide: (snapshot: Snapshot, now: number) => Decision;
  readonly clock: Pick<Clock, "now">;
  /** What of the caches does not show the present, in words; undefined when all does. */
  readonly whatIsBehind: () => string | undefined;
  readonly statusBudget: Pick<StatusBudget, "take">;
  /** Told each effect after it was written, with the snapshot that it was decided on. */
  readonly onWritten: (snapshot: Snapshot, effect: Effect) => void;
}

/** How a pass ended. */
export type Outcome =
  /** There is no such guard any more. */
  | { readonly is: "gone" }
  /** All that was decided is done. */
  | { readonly is: "settled"; readonly snapshot: Snapshot; readonly decision: Decision }
  /** The rollback was sent; what follows from it is for the next pass, at once. */
  | { readonly is: "rolledBack"; readonly snapshot: Snapshot; readonly decision: Decision }
  /** The caches do not, or may not, show the present: a verdict would be one on the past. The rest was not written. */
  | { readonly is: "behind"; readonly snapshot: Snapshot; readonly why: string; readonly lookAt: number }
  /** The second look did not agree with the first: nothing was sent. */
  | { readonly is: "conflict"; readonly snapshot: Snapshot; readonly why: string };

/** How long to wait for caches that are behind. What their watches bring makes a pass too. */
const BEHIND_MS = 2_000;

const CONTRADICTED = "the guard's status changes too often; perhaps another operator writes it too";

const BEHIND = "more pods are ready than the caches know of";
const GONE = "on the second look the guard or its Deployment is gone";

type Opening = Extract<Effect, { type: "openIncident" }>;

/** Effects that say or do something about a rollout. They must not be decided on the past. */
const VERDICTS: ReadonlySet<Effect["type"]> = new Set(["openIncident", "updateIncident", "rollBack"]);

/** Makes one pass over the guard. Rejects with DecisionFailure or EffectFailure. */
export async function reconcile(key: ReconcileKey, dependencies: ReconcileDependencies): Promise<Outcome> {
  const { cluster, clock, whatIsBehind, statusBudget, onWritten } = dependencies;
  const snapshot = cluster.observe(key);
  if (!snapshot) return { is: "gone" };
  const decision = decideOn(snapshot, dependencies);
  const behind = decision.effects.some(({ type }) => VERDICTS.has(type)) ? whatIsBehind() : undefined;
  if (behind) {
    const why = `not up to date: ${behind}`;
    return { is: "behind", snapshot, why, lookAt: clock.now() + BEHIND_MS };
  }
  let second: SecondDecision | undefined;
  const left = [...decision.effects];
  for (let effect = left.shift(); effect; effect = left.shift()) {
    if (effect.type === "openIncident") {
      const opening = effect;
      second = await orFailure(snapshot, opening, () => lookTwice(key, "openIncident", dependencies));
      const { objection, effects } = openingOf(opening, decision, second);
      if (objection !== undefined) return { is: "conflict", snapshot, why: objection };
      // What was just read knows more of the cause: the record is that of the second look, with what follows from it.
      left.splice(0, left.length, ...effects.slice(1));
      effect = effects[0] ?? opening;
    }
    if (effect.type === "rollBack") {
      const { plan } = effect;
      const objection = await orFailure(snapshot, effect, async () =>
        rollBackIfStillRight(plan, second ?? (await lookTwice(key, "rollBack", dependencies))),
      );
      if (objection) return { is: "conflict", snapshot, why: objection };
      onWritten(snapshot, effect);
      return { is: "rolledBack", snapshot, decision };
    }
    const refusal = effect.type === "updateGuardStatus" ? statusBudget.take(key, clock.now()) : undefined;
    if (refusal) return { is: "behind", snapshot, why: CONTRADICTED, lookAt: refusal.notBefore };
    const written = effect;
    await orFailure(snapshot, written, () => write(cluster, snapshot, written));
    onWritten(snapshot, effect);
  }
  return { is: "settled", snapshot, decision };
}

/** What is decided on the workload and its revisions as they were just read. */
interface SecondDecision {
  readonly look: SecondLook;
  readonly decision: Decision;
}

/** Looks again, live, and decides again; undefined when the guard or its Deployment is gone. */
async function lookTwice(
  key: ReconcileKey,
  before: "openIncident" | "rollBack",
  dependencies: ReconcileDependencies,
): Promise<SecondDecision | undefined> {
  const look = await dependencies.cluster.lookAgain(key, before);
  return look && { look, decision: decideOn(look.snapshot, dependencies) };
}

/**
 * An Incident is opened only about what is still so: a watch that died in silence shows a rollout that may be over
 * long since. The look counts for the rollback too that follows: it names the generation that was seen. Both
 * must mean the same; what then is written is what the second one says.
 */
function openingOf(
  { name, spec }: Opening,
  first: Decision,
  second: SecondDecision | undefined,
): { readonly objection?: string; readonly effects: readonly Effect[] } {
  if (!second) return { objection: GONE, effects: [] };
  if (isBehind(second.look.snapshot, spec.failedRevision.hash)) return { objection: BEHIND, effects: [] };
  const { effects, reason, message } = second.decision;
  const from = effects.findIndex((effect) => effect.type === "openIncident" && effect.name === name);
  if (from < 0) {
    return { objection: `on the second look there is nothing to record: ${reason}: ${message}`, effects };
  }
  const [before, now] = [planIn(first), planIn(second.decision)];
  if (before && !now) return { objection: noReason(second.decision), effects };
  if (now && !(before && isSameRollback(before, now))) return { objection: otherWay(now), effects };
  return { effects: effects.slice(from) };
}

function noReason({ reason, message }: Decision): string {
  return `on the second look there is no reason for it: ${reason}: ${message}`;
}

function otherWay({ from, to }: RollbackPlan): string {
  return `on the second look it would go from ${from.hash} to ${to.hash}`;
}

function planIn({ effects }: Decision): RollbackPlan | undefined {
  return effects.find((effect) => effect.type === "rollBack")?.plan;
}

/**
 * Sends the patch only when both decisions go from the same revision to the same revision. The second plan is the one
 * that is sent: it names the generation that was seen live. Resolves with the objection when nothing was sent.
 */
async function rollBackIfStillRight(
  first: RollbackPlan,
  second: SecondDecision | undefined,
): Promise<string | undefined> {
  if (!second) return GONE;
  const { look, decision } = second;
  if (isBehind(look.snapshot, first.from.hash)) return BEHIND;
  const plan = planIn(decision);
  if (!plan) return noReason(decision);
  if (!isSameRollback(first, plan)) return otherWay(plan);
  try {
    await look.rollBack(plan);
    return undefined;
  } catch (error) {
    if (error instanceof ConflictError) return error.message;
    throw error;
  }
}

function isSameRollback(first: RollbackPlan, second: RollbackPlan): boolean {
  return (
    first.workload.uid === second.workload.uid &&
    first.from.hash === second.from.hash &&
    first.to.hash === second.to.hash
  );
}

function write(
  cluster: ClusterPort,
  snapshot: Snapshot,
  effect: Exclude<Effect, { type: "rollBack" }>,
): Promise<void> {
  switch (effect.type) {
    case "openIncident":
      return cluster.openIncident(snapshot.guard, effect.name, effect.spec);
    case "updateIncident":
      return cluster.updateIncident(snapshot.guard, effect.name, effect.status);
    case "updateGuardStatus":
      return cluster.updateGuardStatus(snapshot.guard, effect.status);
    case "publishEvent":
      return cluster.publishEvent(snapshot, effect.event);
    case "deleteIncident":
      return cluster.deleteIncident(snapshot.guard, effect.name);
  }
}

function decideOn(snapshot: Snapshot, { decide, clock }: ReconcileDependencies): Decision {
  try {
    return decide(snapshot, clock.now());
  } catch (cause) {
    throw new DecisionFailure(snapshot, cause);
  }
}

async function orFailure<T>(snapshot: Snapshot, effect: Effect, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof DecisionFailure) throw cause;
    throw new EffectFailure(snapshot, effect, cause);
  }
}
