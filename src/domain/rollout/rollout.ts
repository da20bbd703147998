// The rollout as the checks see it: its revision, its pods, what was true before it. Pure.

import type { LedgerEntry } from "../../api/rollout-guard.ts";
import { type History, historyOf, isOtherWorkload, knownOf } from "../history/history.ts";
import { incidentRestoring, lastRestored, rollbackSentAt, wasSent } from "../history/incident-roles.ts";
import { type Restore, revisionToRestore } from "../history/restore.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { completion } from "./completion.ts";
import { type Loss, lossOf } from "./loss.ts";
import { oldPodsBackAt } from "./old-pods.ts";
import { outageEndedAt } from "./outages.ts";
import { eligiblePods } from "./pods.ts";
import { type Policy, policyOf } from "./policy.ts";
import { boundServices } from "./services.ts";

export interface Rollout {
  readonly snapshot: Snapshot;
  readonly policy: Policy;
  readonly workload: WorkloadView;
  readonly history: History;
  /** The revision being rolled out. */
  readonly revision: RevisionView;
  /** Where a rollback would go, or why nowhere. */
  readonly restore: Restore;
  /** The revision that a rollback would restore: what worked before, to compare with. */
  readonly baseline: RevisionView | undefined;
  /** What the metrics of its pods are compared with where no old pods are left: those of this revision, before that time. */
  readonly reference: { readonly revision: RevisionView; readonly endAt: number } | undefined;
  /** What the ledger knows of the revision that ran before, whether or not a rollback could restore it. */
  readonly before: LedgerEntry | undefined;
  readonly startedAt: number;
  /** How many pods were desired when it began. */
  readonly wanted: number;
  /** When Kubernetes last saw it progress; its start when it never did. */
  readonly progressedAt: number;
  /** When as many of its pods were available for the first time as the baseline has. */
  readonly completedAt: number | undefined;
  /** The pods whose state can be the release's doing: see {@link eligiblePods}. */
  readonly pods: readonly PodView[];
  /** The Services that must have endpoints. */
  readonly services: readonly ServiceView[];
  /** What of them is lost now. */
  readonly loss: Loss;
  /** When an outage of the environment ended in the middle of it; 0 when there was none: no fault counts from before. */
  readonly clocksFromAt: number;
}

/** The rollout of the workload's present template, or undefined while it has no revision. */
export function rolloutOf(snapshot: Snapshot, now: number): Rollout | undefined {
  const { workload, guard } = snapshot;
  if (!workload || !("valid" in guard.spec)) return undefined;
  const revision = rulesOf(workload).currentRevision(workload, snapshot.revisions);
  if (!revision) return undefined;
  const policy = policyOf(guard.spec.valid);
  const history = historyOf(snapshot);
  const { rollbackTo } = policy.spec;
  const { bakeTimeMs } = policy;
  const restore = revisionToRestore(snapshot, workload, history, revision, { rollbackTo, bakeTimeMs, now });
  const baseline = "revision" in restore ? restore.revision : undefined;
  const entry = knownOf(history, revision.hash).entry;
  const before = entryBefore(snapshot, history, revision, baseline);
  const { startedAt, wanted } = rolloutStart(snapshot, workload, revision, entry, now);
  const own = snapshot.pods.filter(({ revisionId }) => revisionId === revision.id);
  const completedAt = completion({
    snapshot,
    workload,
    hash: revision.hash,
    entry,
    before,
    own,
    startedAt,
    now,
  });
  const pods = eligiblePods(own, { completedAt, entry, wanted, desired: workload.desiredReplicas });
  const services = boundServices(snapshot, revision, baseline);
  return {
    snapshot,
    policy,
    workload,
    history,
    revision,
    restore,
    baseline,
    reference: baseline && { revision: baseline, endAt: startedAt },
    before,
    startedAt,
    wanted,
    progressedAt: progressedAt(workload, startedAt),
    completedAt,
    pods,
    services,
    loss: lossOf(guard.status, services, workload, wanted),
    clocksFromAt: Math.max(outageEndedAt(snapshot, startedAt), oldPodsBackAt(snapshot, baseline, startedAt)),
  };
}

/** The ledger's entry of the baseline; without one, of the newest other revision that ran: it is compared with all the same. */
function entryBefore(
  { revisions }: Snapshot,
  history: History,
  revision: RevisionView,
  baseline: RevisionView | undefined,
): LedgerEntry | undefined {
  if (baseline) return knownOf(history, baseline.hash).entry;
  return revisions
    .filter(({ hash }) => hash !== revision.hash)
    .sort((a, b) => b.revision - a.revision)
    .map(({ hash }) => knownOf(history, hash).entry)
    .find((entry) => entry !== undefined);
}

interface Start {
  readonly startedAt: number;
  readonly wanted: number;
}

/**
 * When the rollout began, and how many pods were desired then: our own rollback when it was sent; else as remembered in
 * status; for a new revision its creation; for one used again (undo, re-applied template) the moment it was first seen: its
 * creation says nothing. Where nothing is remembered, one used again came after the newest revision, whose creation is
 * known to the second. A release that was shipped at zero replicas begins when it is scaled up.
 */
function rolloutStart(
  snapshot: Snapshot,
  workload: WorkloadView,
  revision: RevisionView,
  entry: LedgerEntry | undefined,
  now: number,
): Start {
  const { current, targetUid } = snapshot.guard.status;
  const remembered = isOtherWorkload(targetUid, workload.uid) ? undefined : current;
  const desired = workload.desiredReplicas;
  const restoring = incidentRestoring(snapshot, revision);
  const sentAt = restoring && rollbackSentAt(snapshot, restoring);
  if (sentAt !== undefined) return { startedAt: sentAt, wanted: desired };
  const newestAt = Math.max(...snapshot.revisions.map(({ createdAt }) => createdAt));
  const isUsedAgain = revision.createdAt < newestAt;
  if (!remembered) {
    return { startedAt: isUsedAgain ? Math.min(newestAt + 1_000, now) : revision.createdAt, wanted: desired };
  }
  const wasUndone = wasUndoneSince(snapshot, revision, Date.parse(remembered.since));
  if (remembered.hash === revision.hash && !wasUndone) {
    const { replicas = desired } = remembered;
    const hasRun = replicas > 0 || (entry !== undefined && entry.verdict !== "Unproven");
    if (!hasRun && desired > 0) return { startedAt: now, wanted: desired };
    // Never ahead: clocks differ a little, and what began in the future would not be complete until then.
    return { startedAt: Math.min(Date.parse(remembered.since), now), wanted: replicas };
  }
  // Our rollback has ended, and the status that follows from it was not written any more.
  const last = lastRestored(snapshot, revision);
  const restoredAt = last && rollbackSentAt(snapshot, last);
  if (restoredAt !== undefined && restoredAt >= Date.parse(remembered.since)) {
    return { startedAt: restoredAt, wanted: desired };
  }
  const isNew = !isUsedAgain && !wasUndone && revision.createdAt + 1_000 > Date.parse(remembered.since);
  return { startedAt: isNew ? revision.createdAt : now, wanted: desired };
}

/** Whether a rollback has replaced the revision since then: that it is the present one again is another rollout. */
function wasUndoneSince(snapshot: Snapshot, { hash }: RevisionView, sinceAt: number): boolean {
  return snapshot.incidents.some((incident) => {
    if (incident.spec.failedRevision.hash !== hash || !wasSent(snapshot, incident)) return false;
    const sentAt = rollbackSentAt(snapshot, incident);
    return sentAt !== undefined && sentAt >= sinceAt;
  });
}

function progressedAt(workload: WorkloadView, startedAt: number): number {
  return Math.max(startedAt, rulesOf(workload).progressedAt(workload) ?? 0);
}
