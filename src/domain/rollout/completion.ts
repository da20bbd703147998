// When a rollout was complete. Pure.
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";

/** What is further ahead was not written by the workload's controller. */
const CLOCKS_DIFFER_MS = 3_600_000;

interface Circumstances {
  readonly snapshot: Snapshot;
  readonly workload: WorkloadView;
  /** Of the revision. */
  readonly hash: string;
  /** What the ledger knows of the revision, and of the one before it. */
  readonly entry: LedgerEntry | undefined;
  readonly before: LedgerEntry | undefined;
  /** The pods of the revision, dead ones among them. */
  readonly own: readonly PodView[];
  readonly startedAt: number;
  readonly now: number;
}

/**
 * Complete as the workload's controller defines it, or with as many pods as the baseline has by design (active/passive
 * applications). A rollout that completed without any pod, at zero replicas, is not complete. The controller's word alone can
 * still be about the rollout before (recorded after an undo), so it must be newer than the start.
 */
export function completion(circumstances: Circumstances): number | undefined {
  const { snapshot, workload, hash, entry, before, own, startedAt, now } = circumstances;
  const { current } = snapshot.guard.status;
  // A good revision that is rolled out again keeps its entry; when it was complete again the guard's status says.
  if (
    current?.completedAt !== undefined &&
    current.hash === hash &&
    Math.abs(Date.parse(current.since) - startedAt) < 1_000
  )
    return Date.parse(current.completedAt);
  const isComplete = entry?.verdict === "Good" || entry?.verdict === "Completed";
  if (isComplete && Date.parse(entry.since) + 1_000 > startedAt) return Date.parse(entry.since);
  const rules = rulesOf(workload);
  const completedAt = rules.completedAt(workload);
  if (
    completedAt !== undefined &&
    completedAt + 1_000 > startedAt &&
    completedAt <= now + CLOCKS_DIFFER_MS &&
    (completedAt < snapshot.guard.createdAt || own.some(({ createdAt }) => createdAt <= completedAt + 1_000))
  ) {
    return completedAt;
  }
  const share = (before?.readyPercent ?? 100) / 100;
  return workload.desiredReplicas > 0 && rules.isAvailable(workload, share) ? now : undefined;
}
