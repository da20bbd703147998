// Before anything is done about a rollout it is decided again, on live objects. Both decisions must mean the same; what
// is carried out is the second one.

import type { AnswerScheduler } from "../answers/answer-scheduler.ts";
import type { Decision } from "../domain/decision.ts";
import { changeText, isSameChange } from "../domain/effects/change.ts";
import { type Act, isAct } from "../domain/effects/effect.ts";
import { withAnswers } from "../domain/questions/with-answers.ts";
import { isBehind } from "../domain/rollout/staleness.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { rulesOf } from "../domain/workload/rules-by-kind.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import type { ClusterPort, LiveObservation } from "./cluster-port.ts";
import { type DecideDependencies, decideOn } from "./decide-on.ts";

const GONE = "the guard or its Deployment was deleted in the meantime";
const BEHIND = "the caches are behind: on the API server more pods are ready";

/** What was decided, on what. */
export interface Decided {
  readonly snapshot: Snapshot;
  readonly decision: Decision;
}

/** A decision on live objects, and the way to change them. */
export interface LiveDecision extends Decided {
  readonly change: LiveObservation["change"];
}

interface SecondDecisionDependencies extends DecideDependencies {
  readonly cluster: Pick<ClusterPort, "observeLive">;
  readonly answers: Pick<AnswerScheduler, "known" | "askToRecord">;
}

/** Reads live, beside it asks what an Incident is to record, and decides again. Why it must not be carried out, where the second decision is another one. */
export async function decideAgain(
  key: ReconcileKey,
  first: Decided,
  dependencies: SecondDecisionDependencies,
): Promise<LiveDecision | { readonly objection: string }> {
  const { cluster, answers } = dependencies;
  const [live, asked] = await Promise.all([
    cluster.observeLive(key, first.decision.restsOn),
    answers.askToRecord(first.snapshot, first.decision.questions),
  ]);
  if (!live) return { objection: GONE };
  if (isBehindOn(live.snapshot, first.snapshot)) return { objection: BEHIND };
  const snapshot = withAnswers(live.snapshot, { ...answers.known(key), ...asked });
  const decision = decideOn(snapshot, dependencies);
  const objection = objectionTo(first.decision, decision);
  return objection === undefined ? { ...live, snapshot, decision } : { objection };
}

/** Whether pods of the rollout that the first decision is about have become ready since. */
function isBehindOn(live: Snapshot, { workload, revisions }: Snapshot): boolean {
  const revision = workload && rulesOf(workload).currentRevision(workload, revisions);
  return revision !== undefined && isBehind(live, revision.hash);
}

/** What the second decision would do otherwise than the first, in words; undefined when both do the same. */
function objectionTo(first: Decision, second: Decision): string | undefined {
  const [before, now] = [first.effects.filter(isAct), second.effects.filter(isAct)];
  const lost = before.find((act) => !now.some((other) => isSameAct(act, other)));
  const added = now.find((act) => !before.some((other) => isSameAct(act, other)));
  if (added?.type === "change") return `a second decision on live objects would ${changeText(added.change)}`;
  if (added) return `a second decision on live objects would record another Incident: ${added.name}`;
  if (!lost) return undefined;
  const what = lost.type === "change" ? "no reason for it" : "nothing to record";
  return `a second decision on live objects finds ${what}: ${second.reason}: ${second.message}`;
}

function isSameAct(one: Act, other: Act): boolean {
  if (one.type !== "change") return other.type === one.type && one.name === other.name;
  return other.type === "change" && isSameChange(one.change, other.change);
}
