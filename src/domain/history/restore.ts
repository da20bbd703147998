// Which revision a rollback restores, or why there is none. Pure.
import { isManual, isOpen, phaseOf } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { kubectlName } from "../workload/kubectl-name.ts";
import { type History, knownOf } from "./history.ts";
import { isKnownBadByContent } from "./known-bad.ts";
import { capital, nameRevision } from "./revisions.ts";
import { isReached, neverServed, stillServes } from "./still-serves.ts";

/** Where a rollback would go, or why there is nowhere to go. */
export type Restore =
  | { readonly revision: RevisionView }
  | { readonly none: "NoGoodRevision" | "TargetQuarantined"; readonly message: string };

/** What the choice is made from. */
export interface RestoreOptions {
  readonly rollbackTo: "LastGood" | "Previous";
  readonly bakeTimeMs: number;
  /** Epoch ms. */
  readonly now: number;
}

/**
 * The revision to restore. Previous: the one that ran before. LastGood: the newest one that has proven itself: it is good, or it
 * was complete without a sign of trouble and its Services still reach its pods, or was watched for longer than the bake time; failing
 * that, the newest good one, then the newest that was once fully available. Newest by revision number, which undo moves
 * along with use; never simply "the second newest", and never one in quarantine.
 */
export function revisionToRestore(
  snapshot: Snapshot,
  workload: WorkloadView,
  history: History,
  current: RevisionView | undefined,
  options: RestoreOptions,
): Restore {
  const { rollbackTo, bakeTimeMs, now } = options;
  const candidates = snapshot.revisions
    .filter(({ isDeleting, templateKey }) => !isDeleting && templateKey !== (current ?? workload).templateKey)
    .filter((revision) => revision.hash !== current?.hash)
    .sort((a, b) => b.revision - a.revision);
  const [newest] = candidates;
  if (!newest) {
    return {
      none: "NoGoodRevision",
      message: `There is no other revision in the ${workload.kind}'s history.`,
    };
  }
  const isBad = (revision: RevisionView) =>
    knownOf(history, revision.hash).verdict === "Bad" || isKnownBadByContent(snapshot, history, revision);
  if (rollbackTo === "Previous") {
    const ran =
      candidates.find((one) => !neverServed(snapshot, one, knownOf(history, one.hash).entry)) ?? newest;
    return isBad(ran) ? quarantined(ran) : { revision: ran };
  }
  const usable = candidates.filter((revision) => !isBad(revision));
  const revision =
    usable.find((one) => isProven(snapshot, one, history, { bakeTimeMs, now })) ??
    usable.find((one) => hasServed(one, { ...options, history, incidents: snapshot.incidents }));
  if (revision) return { revision };
  const [unknown] = usable;
  return unknown ? noneKnown(snapshot, workload, unknown) : quarantined(newest);
}

/** Time alone proves nothing: what was replaced while nobody watched can have failed all that time. */
function isProven(
  snapshot: Snapshot,
  revision: RevisionView,
  history: History,
  times: Pick<RestoreOptions, "bakeTimeMs" | "now">,
): boolean {
  const { verdict, entry, isTroubled } = knownOf(history, revision.hash);
  if (verdict === "Good") return true;
  if (isTroubled) return false;
  if (verdict === "Completed")
    return entry?.isWatched === true || (revision.availableReplicas > 0 && isReached(snapshot, revision));
  return stillServes(snapshot, revision, times);
}

/**
 * It was fully available once, or its pods are available now, or it ran for the bake time as it does by design (active and
 * passive pods), or an Incident says that it worked.
 */
function hasServed(
  revision: RevisionView,
  {
    history,
    incidents,
    bakeTimeMs,
    now,
  }: RestoreOptions & { history: History; incidents: readonly IncidentView[] },
): boolean {
  const { verdict, entry, isTroubled } = knownOf(history, revision.hash);
  if (isTroubled) return false;
  const hasRun = entry?.readyPercent !== undefined && ranMs(entry, now) >= bakeTimeMs;
  return (
    verdict === "Completed" || revision.availableReplicas > 0 || hasRun || isProvenGood(revision, incidents)
  );
}

/** For how long it had its verdict while it was the current one. */
function ranMs({ since, until }: LedgerEntry, now: number): number {
  return (until === undefined ? now : Date.parse(until)) - Date.parse(since);
}

/**
 * Whether an Incident says that the revision worked, also to a guard that remembers nothing: it served again after a
 * rollback, or it is what an Incident of a guard that is still open would restore.
 */
function isProvenGood({ hash }: RevisionView, incidents: readonly IncidentView[]): boolean {
  return incidents.some((incident) =>
    isOpen(incident)
      ? !isManual(incident) && incident.spec.restoreRevision?.hash === hash
      : phaseOf(incident) === "Recovered" && undoStep(incident.status)?.to === hash,
  );
}

function noneKnown({ guard }: Snapshot, workload: WorkloadView, newest: RevisionView): Restore {
  return {
    none: "NoGoodRevision",
    message:
      `No earlier revision is known to have worked. The most recent one is ${nameRevision(newest)}. ` +
      `To roll back to it anyway: kubectl rollout undo ${kubectlName(workload)} ` +
      `-n ${guard.namespace} --to-revision=${newest.revision}`,
  };
}

function quarantined(revision: RevisionView): Restore {
  return {
    none: "TargetQuarantined",
    message: `${capital(nameRevision(revision))} is the only revision to roll back to, and it is known to be bad.`,
  };
}
