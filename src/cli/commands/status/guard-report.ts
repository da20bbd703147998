// What one guard is about at this moment, as data: worked out as the operator does it, by observe and decide.
import type { CauseClass } from "../../../api/causes.ts";
import { isOpen, phaseOf } from "../../../api/incident.ts";
import type { Reason } from "../../../api/reasons.ts";
import type { RevisionReference } from "../../../api/revision-reference.ts";
import type { GuardPhase, RolloutGuardSpec } from "../../../api/rollout-guard.ts";
import { decide } from "../../../domain/decide.ts";
import type { Brake, Decision, Finding } from "../../../domain/decision.ts";
import { probedCondition } from "../../../domain/guard/risks.ts";
import {
  byDetection,
  ledgerEntry,
  newestIncidentOf,
  referenceTo,
  verdictOf,
} from "../../../domain/rollout/revisions.ts";
import { type Rollout, rolloutOf } from "../../../domain/rollout/rollout.ts";
import type { IncidentView, Snapshot } from "../../../domain/snapshot.ts";
import type { GuardKey } from "../../../kube/guard-key.ts";
import { observe } from "../../../kube/observe.ts";
import type { OneLook } from "../../../kube/one-look.ts";
import { cleaned } from "../clean-texts.ts";

export interface GuardReport {
  readonly namespace: string;
  readonly name: string;
  /** The Deployment; empty when the guard does not say. */
  readonly target: string;
  readonly mode?: RolloutGuardSpec["mode"] | undefined;
  /** When this was seen, RFC 3339; all spans count until then. */
  readonly seenAt: string;
  readonly phase: GuardPhase;
  readonly reason: Reason;
  readonly message: string;
  /** What the operator has said last; it says nothing until it has seen the guard. */
  readonly told: { readonly phase?: GuardPhase | undefined; readonly since?: string | undefined };
  /** The operator would have something to do or to say that it has neither done nor said. */
  readonly isUnsaid: boolean;
  readonly runs?:
    | (RevisionReference & { readonly since: string; readonly completedAt?: string | undefined })
    | undefined;
  readonly replicas?:
    | {
        readonly wanted: number;
        readonly updated: number;
        readonly available: number;
        readonly ready: number;
      }
    | undefined;
  /** What a rollback would restore; of a good revision that runs, that one. */
  readonly good?: RevisionReference | undefined;
  readonly revisions: readonly RevisionReport[];
  readonly services: readonly ServiceReport[];
  /** What fails or may yet, the most serious first. */
  readonly findings: readonly FindingReport[];
  readonly brake?:
    | { readonly reason: Brake["reason"]; readonly message: string; readonly until?: string | undefined }
    | undefined;
  /** When it is looked at again if nothing changes. */
  readonly nextLookAt?: string | undefined;
  /** What would let a bad release pass, or keep it from being undone, while all is well. */
  readonly risks: readonly string[];
  readonly openIncident?: string | undefined;
  readonly lastIncident?: IncidentReport | undefined;
}

export interface RevisionReport extends RevisionReference {
  readonly verdict: "good" | "bad" | "unknown";
  /** Why: "was complete once", or the Incident that condemns it. */
  readonly because?: string | undefined;
  readonly since?: string | undefined;
  readonly pods: number;
  readonly readyPods: number;
}

interface ServiceReport {
  readonly name: string;
  readonly readyEndpoints: number;
}

interface FindingReport {
  readonly check: string;
  readonly verdict: "pending" | "failing";
  readonly reason: string;
  readonly message: string;
  readonly since: string;
  /** When it counts as a failure if it stays so; undefined: when it happens again. */
  readonly until?: string | undefined;
  /** Since when cannot be told from one look: since now, or longer. */
  readonly isSeenFirst?: boolean | undefined;
}

interface IncidentReport {
  readonly name: string;
  readonly phase: ReturnType<typeof phaseOf>;
  readonly reason: string;
  readonly cause?: CauseClass | undefined;
  readonly detectedAt: string;
}

/** Undefined when there is no such guard. */
export function guardReport({ caches, at }: OneLook, key: GuardKey): GuardReport | undefined {
  const first = observe(caches, key, { observeOnly: false });
  if (first === undefined) return undefined;
  const observeOnly = operatorOnlyObserves(first);
  const snapshot = { ...first, surroundings: { ...first.surroundings, observeOnly } };
  const decision = decide(snapshot, at);
  const { guard, deployment } = snapshot;
  const spec = "valid" in guard.spec ? guard.spec.valid : undefined;
  const rollout = rolloutOf(snapshot, at);
  const incidents = [...snapshot.incidents].sort(byDetection);
  const healthy = guard.status.conditions?.find(({ type }) => type === "Healthy");
  return cleaned<GuardReport>({
    namespace: guard.namespace,
    name: guard.name,
    target: spec?.target.name ?? caches.contents.guard(key)?.target ?? "",
    mode: spec?.mode,
    seenAt: iso(at),
    phase: decision.phase,
    reason: decision.reason,
    message: decision.message,
    told: { phase: guard.status.phase, since: healthy?.lastTransitionTime },
    isUnsaid: isUnsaid(decision),
    ...(rollout && rolloutParts(rollout)),
    ...(deployment && {
      replicas: {
        wanted: deployment.desiredReplicas,
        updated: deployment.updatedReplicas,
        available: deployment.availableReplicas,
        ready: deployment.readyReplicas,
      },
    }),
    revisions: revisionsOf(snapshot),
    services: (rollout?.services ?? []).map(({ name, readyEndpoints }) => ({ name, readyEndpoints })),
    findings: decision.findings.flatMap((finding) => findingReport(finding, at)).sort(bySeverity),
    brake: decision.brake && {
      reason: decision.brake.reason,
      message: decision.brake.message,
      until: optionalIso(decision.brake.untilAt),
    },
    nextLookAt: optionalIso(decision.wakeAt),
    risks: rollout ? risksOf(rollout) : [],
    openIncident: incidents.findLast((incident) => isOpen(incident))?.name,
    lastIncident: incidentReport(incidents.at(-1)),
  });
}

/** Its flag cannot be seen; that it holds back although the guard does not ask for it can. */
function operatorOnlyObserves({ guard, incidents }: Snapshot): boolean {
  if (!("valid" in guard.spec) || guard.spec.valid.mode === "Observe") return false;
  return incidents.some((incident) => isOpen(incident) && incident.status?.brake?.reason === "ObserveMode");
}

/** Whether the operator, if it runs, has not got there yet: repeated passes over what does not change have no effects. */
function isUnsaid({ effects }: Decision): boolean {
  return effects.some(({ type }) => type !== "publishEvent" && type !== "deleteIncident");
}

function rolloutParts({
  snapshot,
  revision,
  restore,
  startedAt,
  completedAt,
}: Rollout): Pick<GuardReport, "runs" | "good"> {
  const isGood = verdictOf(snapshot, revision.hash) === "Good";
  const good = isGood ? revision : "revision" in restore ? restore.revision : undefined;
  return {
    runs: {
      ...referenceTo(revision),
      since: iso(startedAt),
      completedAt: optionalIso(completedAt),
    },
    good: good && referenceTo(good),
  };
}

/** Newest first, by the numbers of `kubectl rollout history`; after them those in quarantine that are gone. */
function revisionsOf(snapshot: Snapshot): readonly RevisionReport[] {
  const present = [...snapshot.revisions].sort((a, b) => b.revision - a.revision);
  const hashes = new Set(present.map(({ hash }) => hash));
  const gone = (snapshot.guard.status.revisions ?? []).filter(({ hash }) => !hashes.has(hash));
  return [
    ...present.map((revision) => {
      const pods = { pods: revision.replicas, readyPods: revision.readyReplicas };
      return { ...referenceTo(revision), ...verdictReport(snapshot, revision.hash), ...pods };
    }),
    ...gone.map(({ hash, revision, images }) => {
      return { hash, revision, images, ...verdictReport(snapshot, hash), pods: 0, readyPods: 0 };
    }),
  ];
}

function verdictReport(
  snapshot: Snapshot,
  hash: string,
): Pick<RevisionReport, "verdict" | "because" | "since"> {
  const entry = ledgerEntry(snapshot, hash);
  switch (verdictOf(snapshot, hash)) {
    case "Good":
      return { verdict: "good", since: entry?.since };
    case "Bad": {
      const incident = newestIncidentOf(snapshot.incidents, hash);
      const name = incident?.name ?? entry?.incident;
      return {
        verdict: "bad",
        because: name === undefined ? undefined : `Incident ${name}`,
        since: incident?.spec.detectedAt ?? entry?.since,
      };
    }
    case "Completed":
      return { verdict: "unknown", because: "was complete, and has not baked", since: entry?.since };
    case undefined:
      return { verdict: "unknown" };
  }
}

function findingReport(finding: Finding, at: number): readonly FindingReport[] {
  if (finding.verdict === "healthy") return [];
  const { check, verdict, reason, message, sinceAt } = finding;
  const untilAt = verdict === "pending" ? finding.untilAt : undefined;
  return [
    {
      check,
      verdict,
      reason,
      message,
      since: iso(sinceAt),
      until: optionalIso(untilAt),
      ...(sinceAt >= at && { isSeenFirst: true }),
    },
  ];
}

function bySeverity(a: FindingReport, b: FindingReport): number {
  return Number(b.verdict === "failing") - Number(a.verdict === "failing");
}

function risksOf({ snapshot, revision, restore, services, deployment }: Rollout): readonly string[] {
  const probed = probedCondition(revision);
  return [
    ...(probed.status === "False" ? [probed.message] : []),
    ...("none" in restore && verdictOf(snapshot, revision.hash) !== "Good"
      ? [`Nothing could be restored: ${restore.message}`]
      : []),
    ...(services.length === 0
      ? ["No Service is bound to the Deployment: nobody would notice that a release lost its callers."]
      : []),
    ...(deployment.veto === undefined
      ? []
      : [`This release is not rolled back, by a person's veto: ${deployment.veto}`]),
    ...(snapshot.surroundings.observeOnly ? ["The operator only observes: it rolls nothing back."] : []),
  ];
}

function incidentReport(incident: IncidentView | undefined): IncidentReport | undefined {
  if (incident === undefined) return undefined;
  const { name, spec, status } = incident;
  const cause = status?.cause ?? spec.causes?.[0]?.class;
  return { name, phase: phaseOf(incident), reason: spec.reason, cause, detectedAt: spec.detectedAt };
}

/** What lies beyond all times that can be written is not told. */
function optionalIso(at: number | undefined): string | undefined {
  return at === undefined || !(Math.abs(at) <= LAST_INSTANT) ? undefined : iso(at);
}

/** That of JavaScript's dates. */
const LAST_INSTANT = 8.64e15;

function iso(at: number): string {
  return new Date(Math.min(LAST_INSTANT, Math.max(-LAST_INSTANT, at))).toISOString();
}
