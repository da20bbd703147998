// The ledger of revisions: which are good, which were complete once, which are quarantined. Pure.
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { Outcome } from "../outcome.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { timeToReadyMs } from "./patience.ts";
import { ledgerEntry, newestIncidentOf, referenceTo, verdictOf } from "./revisions.ts";
import type { Rollout } from "./rollout.ts";

const LEDGER_LIMIT = 30;

/**
 * The ledger after an outcome. Revisions that are gone are dropped, unless they are in quarantine; of
 * those the oldest go first when there are too many: what is known to work is never lost to a list of failures.
 */
export function nextLedger(
  rollout: Rollout,
  outcome: Outcome,
  incidents: readonly IncidentView[],
  now: number,
): LedgerEntry[] {
  const snapshot = { ...rollout.snapshot, incidents };
  const present = onePerHash(entriesOf(rollout, outcome, snapshot, now));
  const known = new Set(present.map(({ hash }) => hash));
  const gone = (snapshot.guard.status.revisions ?? []).filter(
    (entry) => entry.verdict === "Bad" && !known.has(entry.hash),
  );
  return onePerHash([...present.sort(bySince), ...gone.sort(bySince)])
    .slice(0, LEDGER_LIMIT)
    .sort(bySince);
}

/** The first entry of each hash: somebody may have given two revisions the same, and a list keyed by it is refused. */
function onePerHash(entries: readonly LedgerEntry[]): LedgerEntry[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.hash, entry])).values()].toReversed();
}

/** Orders entries from the newest verdict to the oldest. */
function bySince(a: LedgerEntry, b: LedgerEntry): number {
  return Date.parse(b.since) - Date.parse(a.since) || (a.hash < b.hash ? -1 : 1);
}

function entriesOf(
  rollout: Rollout,
  outcome: Outcome,
  snapshot: Rollout["snapshot"],
  now: number,
): LedgerEntry[] {
  return rollout.snapshot.revisions.flatMap((revision) => {
    const known = ledgerEntry(snapshot, revision.hash);
    const isPresent = revision.hash === rollout.revision.hash;
    // Being complete once lifts no quarantine: a crash loop without probes is complete within a second.
    if (isPresent && (outcome.earned === "Good" || (outcome.earned && known?.verdict !== "Bad"))) {
      return earned(rollout, outcome.earned, now);
    }
    // Undo renumbers: the entry keeps up with what `kubectl rollout history` shows.
    const entry = known && { ...known, ...referenceTo(revision) };
    if (verdictOf(snapshot, revision.hash) !== "Bad") return entry ?? [];
    return entry?.verdict === "Bad"
      ? entry
      : condemned(revision, newestIncidentOf(snapshot.incidents, revision.hash), now);
  });
}

function earned(rollout: Rollout, verdict: "Good" | "Completed", now: number): LedgerEntry {
  const entry = ledgerEntry(rollout.snapshot, rollout.revision.hash);
  const since = rfc3339(verdict === "Good" ? now : (rollout.completedAt ?? now));
  if (entry?.verdict === verdict && Date.parse(entry.since) === Date.parse(since)) return entry;
  const { hasReadinessGates } = rollout.revision.template;
  const readyMs = rollout.pods.flatMap((pod) => timeToReadyMs(pod, hasReadinessGates) ?? []);
  const secondsToReady = readyMs.length > 0 ? Math.ceil(Math.max(...readyMs) / 1_000) : entry?.secondsToReady;
  return {
    ...referenceTo(rollout.revision),
    verdict,
    since,
    ...(secondsToReady !== undefined && { secondsToReady }),
  };
}

function condemned(revision: RevisionView, incident: IncidentView | undefined, now: number): LedgerEntry {
  return {
    ...referenceTo(revision),
    verdict: "Bad",
    since: incident?.spec.detectedAt ?? rfc3339(now),
    ...(incident && { incident: incident.name }),
  };
}
