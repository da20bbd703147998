// The Incident as a record: how it is opened, and how each transition is written into its status. Pure.

import { documentationOf } from "../../api/documentation.ts";
import {
  type IncidentCause,
  type IncidentFinding,
  type IncidentPhase,
  type IncidentSpec,
  type IncidentStatus,
  phaseOf,
  type TimelineEntry,
} from "../../api/incident.ts";
import { type IncidentAction, type IncidentStep, undoStep } from "../../api/incident-step.ts";
import type { IncidentReason } from "../../api/reasons.ts";
import type { Cause } from "../causes/cause.ts";
import { causesOf } from "../causes/ordered-causes.ts";
import { templateChanges } from "../changes/template-changes.ts";
import { EVIDENCE_BYTES } from "../checks/fault.ts";
import type { Brake, FailingFinding, Finding } from "../decision.ts";
import { type AutomaticIncidentSpec, type UpdateIncident, updateIncidentEffect } from "../effects/effect.ts";
import { referenceTo } from "../history/revisions.ts";
import { shortText } from "../plain-text.ts";
import { liesAhead } from "../plausible.ts";
import { recordedLastWords } from "../questions/pod-log.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { harmUntil } from "./harm.ts";

const MOST_QUOTATIONS = 3;
const MOST_EVIDENCE = 6;
const MOST_CHANGES = 50;
/** The first entries of a timeline tell the story; of a long one the middle is dropped, never the beginning or the end. */
const TIMELINE_HEAD = 10;
const TIMELINE_LIMIT = 50;
/**
 * Bytes of a sentence that stands once in an Incident, of one of a dozen findings, and of one of many lines: together
 * they keep the whole object far below what the API server and etcd take, whatever the cluster's objects say.
 */
const SENTENCE_BYTES = 2_000;
const FINDING_BYTES = 800;
const LINE_BYTES = 300;
/** Of a sentence about a cause. There are four causes of three sentences and three quotations at most. */
const CAUSE_BYTES = 400;
const QUOTATION_BYTES = 200;

/** The facts of a new Incident that a guard opens. */
export function incidentSpec(
  rollout: Rollout,
  headline: FailingFinding,
  findings: readonly Finding[],
  action: IncidentAction,
  now: number,
): AutomaticIncidentSpec {
  const lastWords = recordedLastWords(rollout);
  const facts = incidentFacts(rollout, headline, findings, now);
  return { kind: "Automatic", ...facts, ...(lastWords && { lastWords }), action };
}

/** What every Incident tells about the rollout; `reason` and `message` are its headline. */
export function incidentFacts<R extends IncidentReason>(
  rollout: Rollout,
  headline: { readonly reason: R; readonly message: string },
  findings: readonly Finding[],
  now: number,
) {
  const { snapshot, workload } = rollout;
  const { guard } = snapshot;
  return {
    guard: { name: guard.name, uid: guard.uid },
    target: { kind: workload.kind, name: workload.name, uid: workload.uid },
    failedRevision: referenceTo(rollout.revision),
    ...(rollout.baseline && { restoreRevision: referenceTo(rollout.baseline) }),
    reason: headline.reason,
    message: cut(headline.message),
    findings: findings.flatMap((finding) => (finding.verdict === "failing" ? [recorded(finding)] : [])),
    causes: causesOf(rollout, findings, now).map(recordedCause),
    rolloutStartedAt: rfc3339(rollout.startedAt),
    detectedAt: rfc3339(inASecondOfItsOwn(snapshot, now)),
  };
}

/**
 * The time, or the second after that of the newest Incident: they are ordered, and counted in the guard's status, by when they were
 * detected. What is put back at once fails in the second in which it was rolled back.
 */
function inASecondOfItsOwn({ incidents }: Snapshot, now: number): number {
  const times = incidents.map(({ spec }) => Date.parse(spec.detectedAt)).filter((at) => !liesAhead(at, now));
  return Math.max(now, ...times.map((at) => at + 1_000));
}

/** An Incident as far as its story goes: one that is just being opened has no uid and no status. */
export type RecordedIncident = Pick<IncidentView, "name" | "spec" | "status">;

/** A transition as an effect; see `withTransition`. */
export function transition(
  { snapshot }: Rollout,
  incident: RecordedIncident,
  phase: IncidentPhase,
  message: string,
  now: number,
  more: Transition = {},
): UpdateIncident {
  const status = withTransition(incident, snapshot, phase, message, now, more);
  return updateIncidentEffect(incident.name, status);
}

/** What comes with some transitions. */
interface Transition {
  /** Since when service is back; undefined: since now. */
  readonly servingAt?: number | undefined;
  readonly brake?: Brake;
  /** What is done, as far as it is known. */
  readonly step?: IncidentStep | undefined;
  /** What people have to do because of it; it joins the remedy. */
  readonly advice?: string | undefined;
}

/** The status after a transition: the story so far, the new phase, and one more line of the timeline. */
export function withTransition(
  incident: Pick<IncidentView, "spec" | "status">,
  snapshot: Snapshot,
  phase: IncidentPhase,
  message: string,
  now: number,
  more: Transition = {},
): IncidentStatus {
  const before = incident.status ?? openingStatus(incident.spec, snapshot);
  const hasEnded = phase === "Recovered" || phase === "NotRecovered" || phase === "Superseded";
  const { brake: _released, steps: known, ...kept } = before;
  const steps = more.step ? withStep(known, more.step) : hasEnded && !wasSent(before) ? undefined : known;
  return {
    ...kept,
    phase,
    message: cut(message),
    ...(more.brake && { brake: { reason: more.brake.reason, message: cut(more.brake.message) } }),
    ...(steps && { steps }),
    ...(more.advice !== undefined && {
      remedy: cut([before.remedy, more.advice].filter((each) => each !== undefined).join(" ")),
    }),
    timeline: shorten([
      ...before.timeline,
      { at: rfc3339(now), what: more.brake?.reason ?? phase, message: line(message) },
    ]),
    ...(hasEnded && { endedAt: rfc3339(now) }),
    lostEndpointSeconds: harmUntil(snapshot, incident, incident.status, now),
    ...(phase === "Recovered" && {
      secondsToRecover: secondsBetween(incident.spec.detectedAt, more.servingAt ?? now),
    }),
  };
}

/** What is known of a step takes the place of what was known of it before. */
function withStep(steps: readonly IncidentStep[] = [], step: IncidentStep): IncidentStep[] {
  return [...steps.filter(({ action }) => action !== step.action), step];
}

/** Whether its rollback was not only meant. What was only meant is no rollback when the Incident has ended otherwise. */
function wasSent(status: IncidentStatus): boolean {
  return status.phase === "Verifying" || undoStep(status)?.generation !== undefined;
}

/** What the first status of an Incident tells about what happened before it. */
function openingStatus(spec: IncidentSpec, snapshot: Snapshot): IncidentStatus {
  const failed = snapshot.revisions.find(({ hash }) => hash === spec.failedRevision.hash);
  const restored = snapshot.revisions.find(({ hash }) => hash === spec.restoreRevision?.hash);
  const [cause, ...others] = spec.causes ?? [];
  return {
    phase: phaseOf({ spec }),
    message: spec.message,
    ...(cause && {
      cause: cause.class,
      certainty: cause.certainty,
      rootCause: cause.message,
      remedy: cause.remedy,
      ...(cause.patch !== undefined && { patch: cause.patch }),
    }),
    documentation: documentationOf(spec),
    ...(others.length > 0 && {
      furtherCauses: others.map((other) => line(`${other.class}: ${other.message}`)),
    }),
    ...(failed && restored && { changes: changesFrom(restored, failed) }),
    timeline: [
      {
        at: spec.rolloutStartedAt,
        what: "RolloutStarted",
        message: `The rollout of revision ${spec.failedRevision.revision} started.`,
      },
      ...frozenEntry(spec, snapshot),
      { at: spec.detectedAt, what: spec.reason, message: line(spec.message) },
    ],
    secondsToDetect: secondsBetween(spec.rolloutStartedAt, Date.parse(spec.detectedAt)),
  };
}

/** That RolloutGuard paused the rollout before it was found to fail. */
function frozenEntry({ failedRevision, detectedAt }: IncidentSpec, { guard }: Snapshot): TimelineEntry[] {
  const { freeze } = guard.status;
  if (freeze?.revision !== failedRevision.hash || freeze.state === "Pausing") return [];
  if (freeze.since > detectedAt) return [];
  const message = `RolloutGuard paused the rollout: ${freeze.message}.`;
  return [{ at: freeze.since, what: "Frozen", message: line(message) }];
}

function recorded(finding: FailingFinding): IncidentFinding {
  const { check, reason, message, sinceAt, evidence } = finding;
  return {
    check,
    reason,
    message: shortText(message, FINDING_BYTES),
    since: rfc3339(sinceAt),
    evidence: evidence.slice(0, MOST_EVIDENCE).map((each) => shortText(each, EVIDENCE_BYTES)),
  };
}

function recordedCause({ class: cause, certainty, message, evidence, remedy, patch }: Cause): IncidentCause {
  const short = (text: string) => shortText(text, CAUSE_BYTES);
  return {
    class: cause,
    certainty,
    message: short(message),
    ...(evidence.length > 0 && {
      evidence: evidence.slice(0, MOST_QUOTATIONS).map((text) => shortText(text, QUOTATION_BYTES)),
    }),
    remedy: short(remedy),
    // A command is whole or not there.
    ...(patch !== undefined && { patch }),
  };
}

/** The changes, and how many are not listed. */
function changesFrom(restored: RevisionView, failed: RevisionView): string[] {
  const changes = templateChanges(restored, failed);
  const listed = changes.length > MOST_CHANGES ? MOST_CHANGES - 1 : MOST_CHANGES;
  const more = changes.length - listed;
  return [...changes.slice(0, listed), ...(more > 0 ? [`and ${more} more`] : [])].map(line);
}

function shorten(timeline: readonly TimelineEntry[]): TimelineEntry[] {
  if (timeline.length <= TIMELINE_LIMIT) return [...timeline];
  return [...timeline.slice(0, TIMELINE_HEAD), ...timeline.slice(TIMELINE_HEAD - TIMELINE_LIMIT)];
}

function secondsBetween(from: string, toAt: number): number {
  return Math.max(0, Math.round((toAt - Date.parse(from)) / 1_000));
}

function cut(text: string): string {
  return shortText(text, SENTENCE_BYTES);
}

function line(text: string): string {
  return shortText(text, LINE_BYTES);
}
