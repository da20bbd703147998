// Kubernetes Events about the guard itself: what it has come to, told once, when its status first says so. Pure.
// Events about Incidents come with the transitions of the Incident.
import { type Effect, eventEffect } from "../effects/effect.ts";
import { frozenSentence } from "../freeze/freeze.ts";
import { guardCannotWork, revisionGood, rolloutFrozen, rolloutResumed } from "../notices/events.ts";
import type { Outcome } from "../outcome.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** The Event that an outcome deserves: a rollout that is paused or resumed, a guard that cannot work, or a revision that has become good. */
export function guardEvents(
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
  const ready = guard.status.conditions?.find(({ type }) => type === "Ready");
  if (phase === "Waiting" && ready?.reason !== reason) {
    return [eventEffect(guardCannotWork(reason, message))];
  }
  if (outcome.earned === "Good") {
    return [eventEffect(revisionGood(reason, message))];
  }
  return [];
}
