// Revisions: what each has earned (the ledger), and which one to go back to. Pure.

import { isByHand, isOpen, phaseOf } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import type { RevisionReference } from "../../api/revision-reference.ts";
import type { LedgerEntry, Verdict } from "../../api/rollout-guard.ts";
import { shortText } from "../plain-text.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { kubectlName } from "../workload/kubectl-name.ts";

/** What is known of a revision. An Incident speaks even when the guard's status was lost. */
export function verdictOf(snapshot: Snapshot, hash: string): Verdict | undefined {
  const entry = ledgerEntry(snapshot, hash);
  const incident = newestIncidentOf(snapshot.incidents, hash);
  if (incident && condemns(incident) && !(entry && isNewer(entry, incident))) return "Bad";
  return entry?.verdict;
}

export function ledgerEntry(snapshot: Snapshot, hash: string): LedgerEntry | undefined {
  return snapshot.guard.status.revisions?.find((entry) => entry.hash === hash);
}

/** The newest Incident about a revision. */
export function newestIncidentOf(incidents: readonly IncidentView[], hash: string): IncidentView | undefined {
  return incidents
    .filter((incident) => incident.spec.failedRevision.hash === hash)
    .sort(byDetection)
    .at(-1);
}

/** Orders Incidents from the oldest to the newest. */
export function byDetection(a: IncidentView, b: IncidentView): number {
  return Date.parse(a.spec.detectedAt) - Date.parse(b.spec.detectedAt) || (a.name < b.name ? -1 : 1);
}

/**
 * A revision that recovered without a rollback earned its pardon; all others stay condemned. What a person meant to
 * roll back is condemned by the rollback, not by the intent.
 */
function condemns(incident: IncidentView): boolean {
  if (isByHand(incident)) return undoStep(incident.status) !== undefined;
  return !(phaseOf(incident) === "Recovered" && undoStep(incident.status) === undefined);
}

function isNewer(entry: LedgerEntry, incident: IncidentView): boolean {
  return (
    entry.verdict === "Good" &&
    !isOpen(incident) &&
    Date.parse(entry.since) > Date.parse(incident.spec.detectedAt)
  );
}

/** Where a rollback would go, or why there is nowhere to go. */
export type Restore =
  | { readonly revision: RevisionView }
  | { readonly none: "NoGoodRevision" | "TargetQuarantined"; readonly message: string };

/**
 * The revision to restore. LastGood: the newest good one; failing that, the newest that once was fully
 * available (by the ledger, by the Incidents, or because its pods are available now) and is not quarantined. Previous: the one
 * that ran before. Newest by revision number, which undo moves along with use; never simply "the second newest".
 */
export function revisionToRestore(
  snapshot: Snapshot,
  workload: WorkloadView,
  current: RevisionView | undefined,
  rollbackTo: "LastGood" | "Previous",
): Restore {
  const candidates = snapshot.revisions
    .filter((revision) => !revision.isDeleting && revision.templateKey !== workload.templateKey)
    .filter((revision) => revision.hash !== current?.hash)
    .sort((a, b) => b.revision - a.revision);
  const [newest] = candidates;
  if (!newest) {
    return {
      none: "NoGoodRevision",
      message: `There is no other revision in the ${workload.kind}'s history.`,
    };
  }
  if (rollbackTo === "Previous") {
    if (verdictOf(snapshot, newest.hash) !== "Bad") return { revision: newest };
    return quarantined(newest);
  }
  const known = candidates.filter((revision) => verdictOf(snapshot, revision.hash) !== "Bad");
  const good = known.find((revision) => verdictOf(snapshot, revision.hash) === "Good");
  const completed = known.find(
    (revision) =>
      verdictOf(snapshot, revision.hash) === "Completed" ||
      revision.availableReplicas > 0 ||
      isVouchedFor(revision, snapshot.incidents),
  );
  const revision = good ?? completed;
  if (revision) return { revision };
  const [unknown] = known;
  if (!unknown) return quarantined(newest);
  return {
    none: "NoGoodRevision",
    message:
      `No earlier revision is known to have worked. The newest earlier one is ${nameRevision(unknown)}; ` +
      `if it is good: kubectl rollout undo ${kubectlName(workload)} ` +
      `-n ${snapshot.guard.namespace} --to-revision=${unknown.revision}`,
  };
}

/**
 * Whether an Incident says that the revision worked, also to a guard that remembers nothing: it served again after a
 * rollback, or it is what an Incident of a guard that is still open would restore.
 */
function isVouchedFor({ hash }: RevisionView, incidents: readonly IncidentView[]): boolean {
  return incidents.some((incident) =>
    isOpen(incident)
      ? !isByHand(incident) && incident.spec.restoreRevision?.hash === hash
      : phaseOf(incident) === "Recovered" && undoStep(incident.status)?.to === hash,
  );
}

function quarantined(revision: RevisionView): Restore {
  return {
    none: "TargetQuarantined",
    message: `${nameRevision(revision)} is the only one to go back to, and it is known to be bad.`,
  };
}

/** How a revision is named in sentences. */
export function nameRevision(revision: { readonly revision: number; readonly hash: string }): string {
  return `revision ${revision.revision} (${revision.hash})`;
}

/** A sentence's first letter, for a name that begins one. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * What a reference may take: images are for people, the hash is the identity, and the ledger of a guard has thirty
 * references. A usual image takes 100 bytes.
 */
const REFERENCE_BYTES = 2_000;
const IMAGE_BYTES = 500;
const MOST_IMAGES = 50;

/** The reference that specs and status keep of a revision. Of very many or very long images it keeps the first. */
export function referenceTo(revision: RevisionView): RevisionReference {
  const images: string[] = [];
  let room = REFERENCE_BYTES;
  for (const { kind, image } of revision.template.containers) {
    if (kind === "init") continue;
    const short = shortText(image, IMAGE_BYTES);
    room -= Buffer.byteLength(short);
    if (room < 0 || images.length === MOST_IMAGES) break;
    images.push(short);
  }
  return { hash: revision.hash, revision: revision.revision, images };
}
