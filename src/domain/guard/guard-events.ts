// Kubernetes Events about the guard itself: what it has come to, told once, when its status first says so. Pure.
// Events about Incidents come with the transitions of the Incident.
import { type Effect, eventEffect } from "../effects/effect.ts";
import { guardCannotWork, revisionGood } from "../notices/events.ts";
import type { Outcome } from "../outcome.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** The Event that an outcome deserves: a guard that cannot work, or a revision that has become good. */
export function guardEvents({ guard }: Snapshot, outcome: Outcome): readonly Effect[] {
  const { phase, reason, message } = outcome;
  const ready = guard.status.conditions?.find(({ type }) => type === "Ready");
  if (phase === "Waiting" && ready?.reason !== reason) {
    return [eventEffect(guardCannotWork(reason, message))];
  }
  if (outcome.earned === "Good") {
    return [eventEffect(revisionGood(reason, message))];
  }
  return [];
}
