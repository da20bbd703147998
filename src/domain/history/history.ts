// What is known of each revision: what it earned, which Incident is about it, and whether it may be gone back to. Pure.
// The guard's ledger and the Incidents say it together; it is worked out once for each pass.
import { isManual, isOpen, phaseOf } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import type { LedgerEntry, Verdict } from "../../api/rollout-guard.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { byDetection } from "./incident-roles.ts";

/** What is known of one revision. */
export interface KnownRevision {
  readonly entry?: LedgerEntry | undefined;
  /** What it earned; Bad also while an Incident about a failure of its own is open. */
  readonly verdict?: Verdict | undefined;
  /** The newest Incident about it. */
  readonly incident?: IncidentView | undefined;
  /** It showed signs of trouble and has not become good since. */
  readonly isTroubled: boolean;
}

/** By hash. */
export type History = ReadonlyMap<string, KnownRevision>;

const NOTHING: KnownRevision = { isTroubled: false };

/** What is known of a revision. */
export function knownOf(history: History, hash: string): KnownRevision {
  return history.get(hash) ?? NOTHING;
}

/** What is known of every revision that the ledger or an Incident names. */
export function historyOf(snapshot: Snapshot): History {
  const entries = new Map(ledgerOf(snapshot).map((entry) => [entry.hash, entry]));
  const incidents = newestIncidents(snapshot);
  const hashes = new Set([...entries.keys(), ...incidents.keys()]);
  return new Map([...hashes].map((hash) => [hash, known(entries.get(hash), incidents.get(hash))]));
}

/** The ledger's entries, if they are about this very workload: another one of its name has earned nothing yet. */
export function ledgerOf({ guard, workload }: Pick<Snapshot, "guard" | "workload">): readonly LedgerEntry[] {
  const { targetUid, revisions = [] } = guard.status;
  return isOtherWorkload(targetUid, workload?.uid) ? [] : revisions;
}

/** Whether what the guard remembers is about a workload that had the same name and is gone. */
export function isOtherWorkload(remembered: string | undefined, present: string | undefined): boolean {
  return remembered !== undefined && present !== undefined && remembered !== present;
}

function newestIncidents({ incidents, workload }: Snapshot): ReadonlyMap<string, IncidentView> {
  const own = incidents.filter(({ spec }) => !isOtherWorkload(spec.target.uid, workload?.uid));
  return new Map([...own].sort(byDetection).map((incident) => [incident.spec.failedRevision.hash, incident]));
}

function known(entry: LedgerEntry | undefined, incident: IncidentView | undefined): KnownRevision {
  const isPast = incident === undefined || (entry !== undefined && isNewer(entry, incident));
  const verdict = !isPast && isBad(incident) ? "Bad" : entry?.verdict;
  const isUnresolved = !isPast && !hasRecoveredWithoutRollback(incident);
  return { entry, verdict, incident, isTroubled: isUnresolved || entry?.isTroubled === true };
}

/** A revision that became good after the Incident has earned its pardon. */
function isNewer(entry: LedgerEntry, incident: IncidentView): boolean {
  return (
    entry.verdict === "Good" &&
    !isOpen(incident) &&
    Date.parse(entry.since) > Date.parse(incident.spec.detectedAt)
  );
}

/**
 * Whether the Incident condemns its revision: a rollback of it was sent, or it fails at this moment by a fault of its own.
 * One that was held and then overtaken by another rollout proves nothing for good.
 */
function isBad(incident: IncidentView): boolean {
  if (undoStep(incident.status) !== undefined) return quarantines(incident);
  return isOpen(incident) && !isManual(incident) && incident.status?.brake?.reason !== "WouldNotHelp";
}

/** Whether the Incident puts its revision into quarantine for good: a rollback of it was sent. */
export function quarantines({ status }: IncidentView): boolean {
  return undoStep(status) !== undefined;
}

function hasRecoveredWithoutRollback(incident: IncidentView): boolean {
  return phaseOf(incident) === "Recovered" && undoStep(incident.status) === undefined;
}
