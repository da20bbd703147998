// The end of every decision: the guard's status drawn up from the outcome, old Incidents cleared, and when to look again. Pure.

import { isOpen } from "../../api/incident.ts";
import type { GuardPhase, RolloutGuardStatus } from "../../api/rollout-guard.ts";
import type { Decision } from "../decision.ts";
import { type Effect, guardStatusEffect } from "../effects/effect.ts";
import { freezeOfRollout } from "../freeze/freeze.ts";
import { knownOf } from "../history/history.ts";
import { byDetection } from "../history/incident-roles.ts";
import { referenceTo } from "../history/revisions.ts";
import { endedIncidentsBeyondLimit } from "../incidents/incident-history.ts";
import type { Outcome } from "../outcome.ts";
import { rfc3339 } from "../rfc3339.ts";
import { isProven } from "../rollout/progress.ts";
import { memoryOf } from "../rollout/revision-memory.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { servicesToRemember } from "../rollout/services.ts";
import { isServing } from "../rollout/serving.ts";
import { GROUNDS, type Ground } from "../snapshot/ground.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { nextCheckStates } from "./check-states.ts";
import { conditionsOf } from "./guard-conditions.ts";
import { guardEvents } from "./guard-events.ts";
import { incidentCounts, possiblyUnseenUntil } from "./incident-counts.ts";
import { nextLedger } from "./ledger.ts";
import { unreadOf } from "./unread.ts";

/**
 * The decision that an outcome leads to. While a rollback is under way its Incident tells the story and status waits;
 * it waits too while the last Incident may not have been seen yet: another operator knows more.
 */
export function concludeDecision(
  snapshot: Snapshot,
  rollout: Rollout | undefined,
  outcome: Outcome,
  now: number,
): Decision {
  const { phase, reason, message, findings, brake, questions = [] } = outcome;
  // Of a pause nothing but the status tells what is meant, so it comes before the change; else it waits for what the change leads to.
  const statusIndex = outcome.freeze ? outcome.effects.findIndex(isChange) : -1;
  const withheld = statusIndex < 0 ? [] : outcome.effects.slice(statusIndex);
  const effects: Effect[] = statusIndex < 0 ? [...outcome.effects] : outcome.effects.slice(0, statusIndex);
  const unseenUntil = possiblyUnseenUntil(snapshot, now);
  const isWaiting = outcome.isPassing || (phase === "RollingBack" && !outcome.isShown);
  // What cannot be read can keep a moment from passing, and has to be said.
  const isRecorded = (!isWaiting || unreadOf(snapshot).length > 0) && unseenUntil === undefined;
  if (isRecorded) {
    const status = nextStatus(snapshot, rollout, outcome, now);
    if (snapshot.guard.isStatusSpoiled || !isSame(status, snapshot.guard.status)) {
      effects.push(guardStatusEffect(status), ...guardEvents(snapshot, rollout, outcome, status));
    }
    effects.push(...endedIncidentsBeyondLimit(snapshot, now));
  }
  if (isRecorded) effects.push(...withheld);
  const future = [...outcome.wakeAts, unseenUntil].filter(
    (at): at is number => at !== undefined && at > now && Number.isFinite(at),
  );
  const wakeAt = future.length > 0 ? Math.min(...future) : undefined;
  const restsOn = groundsOf(outcome);
  return { phase, reason, message, findings, brake, effects, restsOn, questions, wakeAt };
}

function isChange(effect: Effect): boolean {
  return effect.class === "change";
}

/** What the outcome rests on: what its failing findings do; where none fails, all that could show one has been looked at. */
export function groundsOf({ restsOn, findings }: Outcome): readonly Ground[] {
  if (restsOn) return restsOn;
  const failing = findings.filter((finding) => finding.verdict === "failing");
  if (failing.length === 0) return GROUNDS;
  return GROUNDS.filter((ground) => failing.some((finding) => finding.restsOn.includes(ground)));
}

/** In these phases what the bound Services have is what they ought to have. */
const WELL: ReadonlySet<GuardPhase> = new Set(["Healthy", "Baking"]);

/** Whether the workload is as it is when nothing is wrong with it, and whether it has been so for a while. */
function restState(
  rollout: Rollout,
  { phase, findings }: Outcome,
  now: number,
): "well" | "settled" | "other" {
  const isQuiet = findings.every(({ verdict }) => verdict !== "failing" && verdict !== "pending");
  const isSteady = memoryOf(rollout, now) !== undefined;
  if (isSteady && ((phase === "Healthy" && isQuiet) || phase === "Progressing")) return "settled";
  return WELL.has(phase) && isQuiet && isServing(rollout) ? "well" : "other";
}

/** Which rollout this is, so that the next pass, or the next process, knows it again. */
function currentRollout(rollout: Rollout, outcome: Outcome, now: number): RolloutGuardStatus["current"] {
  const { revision, startedAt, completedAt, wanted, snapshot } = rollout;
  const known = snapshot.guard.status.current?.provenAt;
  const provenAt = outcome.earned === "Good" ? rfc3339(now) : isProven(rollout) ? known : undefined;
  const isComplete = completedAt !== undefined && outcome.earned !== undefined;
  const knownCompletedAt = snapshot.guard.status.current?.completedAt;
  const completed = isComplete ? rfc3339(completedAt) : isProven(rollout) ? knownCompletedAt : undefined;
  return {
    ...referenceTo(revision),
    since: rfc3339(startedAt),
    replicas: wanted,
    ...(completed !== undefined && { completedAt: completed }),
    ...(provenAt !== undefined && { provenAt }),
  };
}

function nextStatus(
  snapshot: Snapshot,
  rollout: Rollout | undefined,
  outcome: Outcome,
  now: number,
): RolloutGuardStatus {
  const { guard } = snapshot;
  const before = guard.status;
  // While an older guard works, the Incidents are its own.
  const incidents = guard.olderGuard === undefined ? withEffects(snapshot.incidents, outcome.effects) : [];
  const active = incidents.filter((incident) => isOpen(incident)).at(-1);
  const {
    activeIncident: _ended,
    lastGood: shownBefore,
    checks: _former,
    freeze: frozenBefore,
    ...kept
  } = before;
  const checks = rollout && nextCheckStates(rollout, now);
  const freeze = outcome.freeze ?? (rollout ? freezeOfRollout(rollout) : frozenBefore);
  return {
    ...kept,
    observedGeneration: guard.generation,
    phase: outcome.phase,
    conditions: conditionsOf(snapshot, rollout, outcome, now),
    ...(rollout ? lastGood(rollout, outcome) : shownBefore && { lastGood: shownBefore }),
    ...(rollout && {
      targetUid: rollout.workload.uid,
      current: currentRollout(rollout, outcome, now),
      revisions: nextLedger(rollout, outcome, incidents, now),
      services: [...servicesToRemember(snapshot, rollout, restState(rollout, outcome, now))],
    }),
    ...(freeze && { freeze }),
    ...incidentCounts(before, incidents),
    ...(checks && { checks }),
    ...(active && { activeIncident: active.name }),
  };
}

/** The Incidents as they will be when the effects have been run, oldest first. */
function withEffects(
  incidents: readonly IncidentView[],
  effects: readonly Effect[],
): readonly IncidentView[] {
  const after = new Map(incidents.map((incident) => [incident.name, incident]));
  for (const effect of effects) {
    if (effect.type === "openIncident")
      after.set(effect.name, { name: effect.name, uid: "", spec: effect.spec });
    if (effect.type === "updateIncident") {
      const incident = after.get(effect.name);
      if (incident) after.set(effect.name, { ...incident, status: effect.status });
    }
  }
  return [...after.values()].sort(byDetection);
}

function lastGood(
  { revision, restore, history }: Rollout,
  outcome: Outcome,
): Pick<RolloutGuardStatus, "lastGood"> {
  const isGood = outcome.earned === "Good" || knownOf(history, revision.hash).verdict === "Good";
  if (isGood) return { lastGood: referenceTo(revision) };
  return "revision" in restore ? { lastGood: referenceTo(restore.revision) } : {};
}

function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
