// Kubernetes Events about the guard itself: what it has come to, told once, when its status first says so. Pure.
// Events about Incidents come with the transitions of the Incident.
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import { type Effect, eventEffect } from "../effects/effect.ts";
import { frozenSentence } from "../freeze/freeze.ts";
import { guardCannotWork, revisionGood, rolloutFrozen, rolloutResumed } from "../notices/events.ts";
import type { Outcome } from "../outcome.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/**
 * The Events that an outcome and the status drawn up from it deserve: a pause or its end that is refused, a rollout that is paused or
 * resumed, a guard that cannot work, or a revision that has become good.
 */
export function guardEvents(
  snapshot: Snapshot,
  rollout: Rollout | undefined,
  outcome: Outcome,
  status: RolloutGuardStatus,
): readonly Effect[] {
  return [...refusedEvents(snapshot.guard.status, status), ...outcomeEvents(snapshot, rollout, outcome)];
}

function refusedEvents(before: RolloutGuardStatus, now: RolloutGuardStatus): readonly Effect[] {
  const ready = readyOf(now);
  if (ready?.reason !== "Refused" || readyOf(before)?.reason === "Refused") return [];
  return [eventEffect(guardCannotWork(ready.reason, ready.message))];
}

function outcomeEvents(
  { guard }: Snapshot,
  rollout: Rollout | undefined,
  outcome: Outcome,
): readonly Effect[] {
  const { phase, reason, message, freeze } = outcome;
  const frozenBefore = guard.status.freeze?.state;
  if (rollout && freeze?.state === "Paused" && frozenBefore !== "Paused") {
    return [eventEffect(rolloutFrozen(rollout, frozenSentence(rollout, freeze)))];
  }
  if (rollout && freeze?.state === "Resumed" && frozenBefore === "Paused") {
    return [eventEffect(rolloutResumed(rollout))];
  }
  if (phase === "Waiting" && readyOf(guard.status)?.reason !== reason) {
    return [eventEffect(guardCannotWork(reason, message))];
  }
  if (outcome.earned === "Good") {
    return [eventEffect(revisionGood(reason, message))];
  }
  return [];
}

function readyOf({ conditions }: RolloutGuardStatus) {
  return conditions?.find(({ type }) => type === "Ready");
}
