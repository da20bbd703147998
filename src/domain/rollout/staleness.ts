// Are the caches behind? The second look reads the revisions, not the pods; their counts must agree. Pure.
import type { Snapshot } from "../snapshot/snapshot.ts";

/**
 * Whether the revision counts more ready pods than the snapshot knows of: then pods have become ready
 * that the caches have not heard of, and a verdict on them would be a verdict on the past.
 */
export function isBehind({ revisions, pods }: Snapshot, hash: string): boolean {
  const revision = revisions.find((candidate) => candidate.hash === hash);
  if (!revision) return false;
  const known = pods.filter((pod) => pod.revisionId === revision.id && pod.isReady && !pod.isDeleting);
  return revision.readyReplicas > known.length;
}
