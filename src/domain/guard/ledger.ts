// The ledger of revisions: which are good, which were complete once, which are quarantined, and how each behaves. Pure.
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import { sampleMemoryOf } from "../checks/sampled/sample-memory.ts";
import { knownOf, ledgerOf, quarantines } from "../history/history.ts";
import { newestIncident } from "../history/incident-roles.ts";
import { referenceTo } from "../history/revisions.ts";
import { neverServed, stillServes } from "../history/still-serves.ts";
import type { Outcome } from "../outcome.ts";
import { rfc3339 } from "../rfc3339.ts";
import { failingContainer } from "../rollout/crashes.ts";
import { isMajority, undisturbedPodsOf } from "../rollout/pods.ts";
import { isBakeTimeOver } from "../rollout/progress.ts";
import { memoryOf } from "../rollout/revision-memory.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { disturbedAt } from "../rollout/serving.ts";
import { longestStartOf } from "../rollout/start-times.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";

const LEDGER_LIMIT = 30;
/** Each operator has seen the pods since its own start; what they see differs by so little, and is no news. */
const STEADY_PERCENT = 10;

/**
 * The ledger after an outcome. Revisions that are gone are dropped, unless they are in quarantine; of those the
 * oldest go first when there are too many: what is known to work is never lost to a list of failures.
 */
export function nextLedger(
  rollout: Rollout,
  outcome: Outcome,
  incidents: readonly IncidentView[],
  now: number,
): LedgerEntry[] {
  const present = onePerHash(
    rollout.snapshot.revisions.flatMap((revision) => {
      const quarantining = quarantiningIncident(rollout, incidents, revision);
      const entry =
        revision.hash === rollout.revision.hash
          ? currentEntry(rollout, outcome, quarantining, now)
          : formerEntry(rollout, revision, quarantining, now);
      return entry ?? [];
    }),
  );
  const known = new Set(present.map(({ hash }) => hash));
  const gone = ledgerOf(rollout.snapshot).filter(
    (entry) => entry.verdict === "Bad" && !known.has(entry.hash),
  );
  return onePerHash([...present.sort(bySince), ...gone.sort(bySince)])
    .slice(0, LEDGER_LIMIT)
    .sort(bySince);
}

/** The first entry of each hash: somebody can have given two revisions the same, and a list keyed by it is refused. */
function onePerHash(entries: readonly LedgerEntry[]): LedgerEntry[] {
  const first = new Map<string, LedgerEntry>();
  for (const entry of entries) if (!first.has(entry.hash)) first.set(entry.hash, entry);
  return [...first.values()];
}

/** Orders entries from the newest verdict to the oldest. */
function bySince(a: LedgerEntry, b: LedgerEntry): number {
  return Date.parse(b.since) - Date.parse(a.since) || (a.hash < b.hash ? -1 : 1);
}

/** The entry of the revision that runs now. */
function currentEntry(
  rollout: Rollout,
  outcome: Outcome,
  quarantining: IncidentView | undefined,
  now: number,
): LedgerEntry | undefined {
  const { revision } = rollout;
  const entry = knownOf(rollout.history, revision.hash).entry;
  const { earned } = outcome;
  // Being complete once lifts no quarantine: a crash loop without probes is complete within a second.
  const isEarned = earned === "Good" || (earned === "Completed" && entry?.verdict !== "Bad" && !quarantining);
  if (!isEarned && quarantining) return quarantinedEntry(revision, quarantining, entry);
  const base = isEarned ? earnedEntry(rollout, earned, now) : entry && { ...entry, ...referenceTo(revision) };
  const memory = memoryOf(rollout, now);
  const measured = sampleMemoryOf(rollout, entry, now);
  if (base === undefined && memory === undefined) return undefined;
  const unproven = {
    ...referenceTo(revision),
    verdict: "Unproven" as const,
    since: rfc3339(rollout.startedAt),
  };
  const present: LedgerEntry = base ?? unproven;
  const {
    until: _until,
    isTroubled: wasTroubled,
    isFailing: _failing,
    isWatched: wasWatched,
    ...kept
  } = present;
  const isWatched = kept.verdict === "Completed" && (wasWatched === true || isBaked(rollout, outcome, now));
  const isTroubled = earned !== "Good" && (wasTroubled === true || showsFailure(rollout, outcome));
  const isFailing = outcome.phase === "Failing" && outcome.brake === undefined;
  return {
    ...withMemory(kept, memory),
    ...measured,
    ...(isWatched && { isWatched }),
    ...(isTroubled && { isTroubled }),
    ...(isFailing && { isFailing }),
  };
}

/** Its bake time is over and no check finds anything: it can lack a pod, and not be good for that. */
function isBaked(rollout: Rollout, { findings }: Outcome, now: number): boolean {
  return (
    isBakeTimeOver(rollout, now) && findings.every(({ verdict }) => !["failing", "pending"].includes(verdict))
  );
}

/** What it shows now takes the place of what it showed before; while it shows nothing, that stands. */
function withMemory(entry: LedgerEntry, memory: ReturnType<typeof memoryOf>): LedgerEntry {
  if (memory === undefined) return entry;
  const { readyPercent: known, failuresPerHour: _failures, failedStarts: _starts, ...others } = entry;
  const isSteady = known !== undefined && Math.abs(known - (memory.readyPercent ?? 100)) <= STEADY_PERCENT;
  return { ...others, ...memory, ...(isSteady && { readyPercent: known }) };
}

/** After it was complete, a check found something, or the bake time had to begin again. */
function showsFailure(rollout: Rollout, { findings, phase }: Outcome): boolean {
  if (phase === "Healthy") return false;
  const isFound = findings.some(({ verdict }) => verdict === "failing");
  return rollout.completedAt !== undefined && (isFound || disturbedAt(rollout) > 0);
}

/** The entry of a revision that ran before. Undo renumbers: it keeps up with what `kubectl rollout history` shows. */
function formerEntry(
  rollout: Rollout,
  revision: RevisionView,
  quarantining: IncidentView | undefined,
  now: number,
): LedgerEntry | undefined {
  const { history, startedAt } = rollout;
  const entry = knownOf(history, revision.hash).entry;
  const until = { until: rfc3339(startedAt) };
  if (quarantining && entry?.verdict !== "Bad")
    return { ...until, ...quarantinedEntry(revision, quarantining, entry) };
  const { bakeTimeMs } = rollout.policy;
  const isWatched =
    (entry === undefined || entry.verdict === "Completed") &&
    stillServes(rollout.snapshot, revision, { bakeTimeMs, now });
  if (entry === undefined)
    return isWatched ? servedEntry(revision, until.until) : unservedEntry(rollout, revision, until.until);
  const isTroubled = entry.verdict === "Completed" && isCrashing(rollout, revision, now);
  return {
    ...until,
    ...entry,
    ...referenceTo(revision),
    ...(isWatched && { isWatched }),
    ...(isTroubled && { isTroubled }),
  };
}

/** Of one that came and was replaced while nobody watched, and serves: its pods can be gone in a moment. */
function servedEntry(revision: RevisionView, until: string): LedgerEntry {
  const since = rfc3339(revision.createdAt);
  return { ...referenceTo(revision), verdict: "Completed", since, until, isWatched: true };
}

/** Of one that was replaced before it ever served: its pods will be gone when somebody asks. */
function unservedEntry(
  { snapshot }: Rollout,
  revision: RevisionView,
  until: string,
): LedgerEntry | undefined {
  const { current } = snapshot.guard.status;
  if (current?.hash !== revision.hash || !neverServed(snapshot, revision, undefined)) return undefined;
  return { ...referenceTo(revision), verdict: "Unproven", since: current.since, until };
}

/** Whether the pods that are left of it crash: while no operator watched, nobody could note that. */
function isCrashing({ snapshot, policy }: Rollout, revision: RevisionView, now: number): boolean {
  const pods = undisturbedPodsOf(snapshot, revision);
  const crashing = pods.filter((pod) => (failingContainer(pod, now)?.failures ?? 0) > policy.crashRestarts);
  return isMajority(crashing, pods);
}

/** The newest Incident about the revision, if it puts it into quarantine and the revision was not good since. */
function quarantiningIncident(
  { history, snapshot }: Rollout,
  incidents: readonly IncidentView[],
  { hash }: RevisionView,
): IncidentView | undefined {
  const newest = newestIncident(
    incidents.filter(
      ({ spec }) => spec.failedRevision.hash === hash && spec.target.uid === snapshot.workload?.uid,
    ),
  );
  if (newest === undefined || !quarantines(newest)) return undefined;
  const entry = knownOf(history, hash).entry;
  const isReleased =
    entry?.verdict === "Good" && Date.parse(entry.since) > Date.parse(newest.spec.detectedAt);
  return isReleased ? undefined : newest;
}

function earnedEntry(rollout: Rollout, verdict: "Good" | "Completed", now: number): LedgerEntry {
  const { history, revision, completedAt, workload } = rollout;
  const entry = knownOf(history, revision.hash).entry;
  const since = rfc3339(verdict === "Good" ? now : (completedAt ?? now));
  const replicas = Math.max(entry?.replicas ?? 0, workload.availableReplicas);
  // Good is not taken away by a later rollout of the same revision that has only just completed.
  if (verdict === "Completed" && entry?.verdict === "Good") return { ...entry, ...referenceTo(revision) };
  const isSame = entry?.verdict === verdict && Date.parse(entry.since) === Date.parse(since);
  if (isSame) return entry;
  const measuredMs = longestStartOf(rollout);
  const measured = measuredMs === undefined ? undefined : Math.ceil(measuredMs / 1_000);
  const secondsToReady = entry?.secondsToReady ?? measured;
  return {
    ...entry,
    ...referenceTo(revision),
    verdict,
    since,
    replicas,
    ...(secondsToReady !== undefined && { secondsToReady }),
  };
}

function quarantinedEntry(
  revision: RevisionView,
  incident: IncidentView,
  entry: LedgerEntry | undefined,
): LedgerEntry {
  if (entry?.verdict === "Bad") return { ...entry, ...referenceTo(revision) };
  return {
    ...referenceTo(revision),
    verdict: "Bad",
    since: incident.spec.detectedAt,
    incident: incident.name,
  };
}
