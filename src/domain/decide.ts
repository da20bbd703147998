// The decision: from a snapshot and the time to what is to be done, and why. Pure; read it from top to bottom.

import { phaseOf } from "../api/incident.ts";
import type { Reason } from "../api/reasons.ts";
import { clearanceOf } from "./brakes/ordered-brakes.ts";
import { checkRelease } from "./checks/ordered-checks.ts";
import type { Decision, FailingFinding } from "./decision.ts";
import { changeEffect, isAboutRollout } from "./effects/effect.ts";
import { withFreeze } from "./freeze/freeze.ts";
import { pauseRefusedUntil, withoutRefusedPause } from "./freeze/refused-pause.ts";
import { thawOf } from "./freeze/thaw.ts";
import { cacheBehindUntil } from "./guard/cache-behind.ts";
import { concludeDecision, groundsOf } from "./guard/guard-status.ts";
import { obstacleOf } from "./guard/obstacles.ts";
import { restsOnUnread } from "./guard/unread.ts";
import { decideUnseen } from "./guard/unseen.ts";
import { withoutImplausible } from "./history/implausible.ts";
import { incidentAbout } from "./history/incident-roles.ts";
import { openIncident, resumeIncident } from "./incidents/act.ts";
import { noteAdmission } from "./incidents/admission.ts";
import { deferToManualRollback, duringManualRollback } from "./incidents/by-hand.ts";
import { reviewPause } from "./incidents/freeze.ts";
import { handOver } from "./incidents/hand-over.ts";
import { supersedeOthers } from "./incidents/supersede.ts";
import { incidentActedOn, lateRecovery, verify } from "./incidents/verification.ts";
import { type Outcome, quiet } from "./outcome.ts";
import { moreToAskAt, questionsAtRest, questionsToDecide } from "./questions/ordered-questions.ts";
import { isJudged, progressOf } from "./rollout/progress.ts";
import { type Rollout, rolloutOf } from "./rollout/rollout.ts";
import { settledOutcome } from "./settled.ts";
import type { Snapshot } from "./snapshot/snapshot.ts";
import { isObserved } from "./workload/observed.ts";
import { rulesOf } from "./workload/rules-by-kind.ts";

/**
 * Decides about one guard. The same snapshot and time give the same decision; repeated passes over a cluster that
 * does not change come to rest: no effects, only waiting. Throws nothing for facts about the cluster.
 * @param now epoch ms of the cluster's clock
 */
export function decide(observed: Snapshot, now: number): Decision {
  if (observed.surroundings.isUnseen) return decideUnseen(observed, lastReportedStatus(observed), now);
  const snapshot = withoutImplausible(observed, now);
  const behindUntil = cacheBehindUntil(snapshot, now);
  if (behindUntil !== undefined)
    return concludeDecision(
      snapshot,
      undefined,
      { ...unchangedStatus(snapshot), wakeAts: [behindUntil] },
      now,
    );
  const obstacle = obstacleOf(snapshot);
  const rollout = obstacle ? undefined : rolloutOf(snapshot, now);
  const pause = reviewPause(snapshot, rollout, now);
  const thaw = thawOf(snapshot, rollout);
  // Neither a refusal nor what cannot be read may keep the rest from being decided.
  const refusedUntil = pauseRefusedUntil(snapshot, now);
  const canResume = refusedUntil === undefined && !restsOnUnread(snapshot, []);
  if (pause.resume && canResume) {
    const effects = [changeEffect(pause.resume)];
    return concludeDecision(snapshot, rollout, { ...unchangedStatus(snapshot), effects }, now);
  }
  if (thaw && canResume) {
    const said = thaw.record ? lastReportedStatus(snapshot) : unchangedStatus(snapshot);
    const outcome = { ...said, freeze: thaw.record, effects: [changeEffect(thaw.change)], restsOn: [] };
    return concludeDecision(snapshot, rollout, outcome, now);
  }
  const superseded = supersedeOthers(snapshot, rollout?.revision, now);
  const outcome = obstacle ?? (rollout ? outcomeOf(rollout, now) : newTemplate(snapshot, now));
  const handedOver = obstacle ? [] : handOver(snapshot);
  const whole = {
    ...outcome,
    effects: [...superseded, ...outcome.effects, ...handedOver],
    wakeAts: [...outcome.wakeAts, pause.recheckAt, ...(pause.resume || thaw ? [refusedUntil] : [])],
  };
  return concludeDecision(
    snapshot,
    rollout,
    isBasedOnUnreadData(snapshot, whole)
      ? lastReportedStatus(snapshot)
      : withoutRefusedPause(snapshot, whole, now),
    now,
  );
}

/** Whether something would be said for good, or done, that rests on what has not been read for a minute. */
function isBasedOnUnreadData(snapshot: Snapshot, outcome: Outcome): boolean {
  const isVerdict = outcome.earned !== undefined || outcome.effects.some(isAboutRollout);
  return isVerdict && restsOnUnread(snapshot, groundsOf(outcome));
}

/**
 * Our own rollback is verified; what a person is doing is left to them; where nothing is wanted nothing is judged; what is
 * settled stays so; the rest is judged.
 */
function outcomeOf(rollout: Rollout, now: number): Outcome {
  const actedOn = incidentActedOn(rollout);
  if (actedOn) return whileAsking(rollout, verify(rollout, actedOn, now), now);
  const byHand = duringManualRollback(rollout);
  if (byHand) return deferToManualRollback(rollout, byHand, now);
  if (rollout.workload.desiredReplicas === 0) {
    return quiet(
      "NotEvaluated",
      "ScaledToZero",
      `The ${rollout.workload.kind} is scaled to zero; there is nothing to check.`,
    );
  }
  if (isJudged(rollout)) return judge(rollout, now);
  const settled = lateRecovery(rollout, now) ?? settledOutcome(rollout, now);
  return whileAsking(rollout, { ...settled, questions: questionsAtRest(rollout, now) }, now);
}

/** Decides again when there is more to ask about: nothing in the cluster changes then. */
function whileAsking(rollout: Rollout, outcome: Outcome, now: number): Outcome {
  return { ...outcome, wakeAts: [...outcome.wakeAts, ...moreToAskAt(rollout, now)] };
}

/** Checks say what is wrong; brakes say whether the right thing may be done; the Incident remembers; a pause gains time. */
function judge(rollout: Rollout, now: number): Outcome {
  const findings = checkRelease(rollout, now);
  const headline = findings.find((finding): finding is FailingFinding => finding.verdict === "failing");
  const failure = headline && { headline, clearance: clearanceOf(rollout, headline, now) };
  const incident = incidentAbout(rollout.snapshot, rollout.revision);
  const outcome = incident
    ? resumeIncident(rollout, incident, failure, findings, now)
    : failure
      ? openIncident(rollout, failure, findings, now)
      : progressOf(rollout, findings, now);
  const about = {
    isOpen: incident !== undefined || failure !== undefined,
    isActing: incident !== undefined && phaseOf(incident) === "Acting",
  };
  const whole = withFreeze(rollout, outcome, findings, about, now);
  const questions = [...questionsToDecide(rollout, now), ...(outcome.questions ?? [])];
  return whileAsking(rollout, { ...whole, questions }, now);
}

/**
 * The workload was changed and its controller has not made the revision yet, usually for milliseconds: nothing is
 * reported of it, but that admission made it of our own rollback. When it cannot be made at all, Kubernetes says why; while the
 * workload is paused, it is not made.
 */
function newTemplate(snapshot: Snapshot, now: number): Outcome {
  return { ...withoutRevision(snapshot), effects: noteAdmission(snapshot, now) };
}

function withoutRevision(snapshot: Snapshot): Outcome {
  const { workload } = snapshot;
  const refusal = workload && rulesOf(workload).refusedRevision(workload);
  if (refusal !== undefined) return quiet("Progressing", "CreateFailed", refusal);
  if (workload?.isPaused && isObserved(workload)) {
    const message = `The ${workload.kind} is paused; its new pod template rolls out when you resume it.`;
    return quiet("Progressing", "Paused", message);
  }
  return unchangedStatus(snapshot);
}

/** Everything stays as it was told last, for a moment that is not worth a change of the status. */
function unchangedStatus(snapshot: Pick<Snapshot, "guard">): Outcome {
  return { ...lastReportedStatus(snapshot), isPassing: true };
}

/** Everything stays as it was told last. */
function lastReportedStatus({ guard }: Pick<Snapshot, "guard">): Outcome {
  const healthy = guard.status.conditions?.find(({ type }) => type === "Healthy");
  const phase = guard.status.phase ?? "Progressing";
  const reason = (healthy?.reason as Reason | undefined) ?? "RolloutProgressing";
  return quiet(phase, reason, healthy?.message ?? "A rollout is starting.");
}
