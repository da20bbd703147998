// The rollout as the checks see it: its revision, its pods, what was true before it. Pure.

import { undoStep } from "../../api/incident-step.ts";
import { incidentRestoring } from "../incidents/incident-roles.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Policy, policyOf } from "./policy.ts";
import { ledgerEntry, type Restore, revisionToRestore } from "./revisions.ts";
import { boundServices } from "./services.ts";

export interface Rollout {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly workload: WorkloadView;
  /** The revision being rolled out. */
  readonly revision: RevisionView;
  /** Where a rollback would go, or why nowhere. */
  readonly restore: Restore;
  /** The revision that a rollback would restore: what worked before, to compare with. */
  readonly baseline: RevisionView | undefined;
  readonly startedAt: number;
  /** When all its pods were available for the first time. */
  readonly completedAt: number | undefined;
  /** The pods that speak for the release: see {@link podsThatSpeak}. */
  readonly pods: readonly PodView[];
  /** The Services that must have endpoints. */
  readonly services: readonly ServiceView[];
}

/** The rollout of the workload's present template, or undefined while it has no revision. */
export function rolloutOf(snapshot: Snapshot, now: number): Rollout | undefined {
  const { workload, guard } = snapshot;
  if (!workload || !("valid" in guard.spec)) return undefined;
  const revision = rulesOf(workload).currentRevision(workload, snapshot.revisions);
  if (!revision) return undefined;
  const policy = policyOf(guard.spec.valid);
  const restore = revisionToRestore(snapshot, workload, revision, policy.spec.rollbackTo);
  const baseline = "revision" in restore ? restore.revision : undefined;
  const startedAt = rolloutStart(snapshot, revision, now);
  const completedAt = completion(snapshot, workload, revision, startedAt, now);
  const pods = podsThatSpeak(
    snapshot.pods.filter(({ revisionId }) => revisionId === revision.id),
    completedAt,
  );
  const services = boundServices(snapshot, revision, baseline);
  return {
    snapshot,
    policy,
    workload,
    revision,
    restore,
    baseline,
    startedAt,
    completedAt,
    pods,
    services,
  };
}

/**
 * When the rollout began: our own rollback when it was sent; else as remembered in status; for a new revision its
 * creation; for one used again (undo, re-applied template) the moment it was first seen: its creation tells nothing.
 * Where nothing is remembered, one used again came after the newest revision, whose creation is known to the second.
 */
function rolloutStart(snapshot: Snapshot, revision: RevisionView, now: number): number {
  const sentAt = undoStep(incidentRestoring(snapshot, revision)?.status)?.startedAt;
  if (sentAt !== undefined) return Date.parse(sentAt);
  const remembered = snapshot.guard.status.current;
  const newestAt = Math.max(...snapshot.revisions.map(({ createdAt }) => createdAt));
  const isUsedAgain = revision.createdAt < newestAt;
  if (!remembered) return isUsedAgain ? Math.min(newestAt + 1_000, now) : revision.createdAt;
  // Never ahead: clocks differ a little, and what began in the future would not be complete until then.
  if (remembered.hash === revision.hash) return Math.min(Date.parse(remembered.since), now);
  const isNew = !isUsedAgain && revision.createdAt + 1_000 > Date.parse(remembered.since);
  return isNew ? revision.createdAt : now;
}

/** What is further ahead was not written by the workload's controller. */
const CLOCKS_DIFFER_MS = 3_600_000;

/**
 * Complete as the workload's controller defines it. Its word alone can still be about the rollout before (recorded
 * after an undo), so it must be newer than the start.
 */
function completion(
  snapshot: Snapshot,
  workload: WorkloadView,
  revision: RevisionView,
  startedAt: number,
  now: number,
): number | undefined {
  const entry = ledgerEntry(snapshot, revision.hash);
  if (entry && entry.verdict !== "Bad" && Date.parse(entry.since) + 1_000 > startedAt) {
    return Date.parse(entry.since);
  }
  const rules = rulesOf(workload);
  const toldAt = rules.completedAt(workload);
  if (toldAt !== undefined && toldAt + 1_000 > startedAt && toldAt <= now + CLOCKS_DIFFER_MS) return toldAt;
  return rules.isFullyAvailable(workload) && workload.desiredReplicas > 0 ? now : undefined;
}

/** Why a pod ended or was refused by its node, none of it the release's doing. */
const NODE_REASONS = new Set([
  "Evicted",
  "NodeLost",
  "NodeShutdown",
  "NodeAffinity",
  "Preempting",
  "Terminated",
  "UnexpectedAdmissionError",
  "OutOfcpu",
  "OutOfmemory",
  "OutOfpods",
]);

/**
 * The pods whose state can be the release's fault. Not: pods being deleted, evicted or disrupted, or ended by their
 * node; and, once the rollout has completed, pods made later by scaling or to replace deleted ones, as long as any of
 * the rollout's own are left. When none are (it was scaled to zero and up again), only the later ones can speak.
 */
function podsThatSpeak(pods: readonly PodView[], completedAt: number | undefined): readonly PodView[] {
  const left = pods.filter(isLeftInPeace);
  if (completedAt === undefined) return left;
  const own = left.filter(({ createdAt }) => createdAt <= completedAt + 1_000);
  return own.length > 0 ? own : left;
}

/** Neither being deleted, evicted or disrupted, nor ended by its node. */
export function isLeftInPeace({ isDeleting, disruption, reason }: PodView): boolean {
  return !isDeleting && disruption === undefined && !(reason !== undefined && NODE_REASONS.has(reason));
}

/**
 * The kubelet says the containers are ready and the pod is not: the node controller lost its node
 * (it sets only the Ready condition). With readiness gates the gate may be what is missing.
 */
export function isNodeTrouble(pod: PodView, revision: RevisionView): boolean {
  return !pod.isReady && pod.containersReadyAt !== undefined && !revision.template.hasReadinessGates;
}

/**
 * Whether so many pods are affected that it is the release and not a node or an accident: at least half.
 */
export function isWidespread(affected: readonly unknown[], pods: readonly unknown[]): boolean {
  return affected.length > 0 && affected.length * 2 >= pods.length;
}

/** When the fault became widespread: the instant at which half of the pods were affected. */
export function widespreadSince(sinceAts: readonly number[], podCount: number): number {
  const sorted = [...sinceAts].sort((a, b) => a - b);
  const decisive = Math.max(1, Math.ceil(podCount / 2));
  return sorted[Math.min(decisive, sorted.length) - 1] ?? 0;
}
