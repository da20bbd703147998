// Pods that the API server refuses (quota, admission, security policy): there is no pod to look at. Pure.

import { creationComplaint } from "../rollout/complaints.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { type Check, eventsAbout, fault, groundsIn, healthy, lasting } from "./fault.ts";
import { countsAt, patienceWith } from "./urgency.ts";

const URGENT_MS = 30_000;

export const createFailed: Check = (rollout, now) => {
  const { revision, workload, policy, completedAt } = rollout;
  if (!policy.spec.checks.createFailed.enabled || completedAt !== undefined) return healthy("createFailed");
  const refusal = rulesOf(workload).refusedPods(workload, revision);
  const missing = revision.desiredReplicas - revision.replicas;
  const areMost = missing > 0 && missing * 2 >= revision.desiredReplicas;
  if (!refusal || !areMost) return healthy("createFailed");
  const complaint = creationComplaint(refusal.message);
  const patience = patienceWith(complaint, URGENT_MS, policy.createFailedMs);
  const sinceAt = Math.max(refusal.sinceAt, movedAt(rollout, now));
  const refused = {
    sinceAt: refusal.sinceAt,
    restsOn: groundsIn(rollout),
    ...(complaint === "mistake" && { isSuspicious: true }),
    ...fault(
      "CreateFailed",
      `${missing} of ${revision.desiredReplicas} pods cannot be created: ${refusal.message}`,
      [refusal.evidence, ...refusal.events.flatMap(({ uid, reason }) => eventsAbout(rollout, uid, [reason]))],
    ),
  };
  return lasting("createFailed", refused, countsAt(rollout, sinceAt, patience), now);
};

/**
 * When something of the rollout last moved: a pod was made, an old one is ending, or Kubernetes saw progress. A quota that
 * admits one pod at a time is slow, and refuses nothing.
 */
function movedAt({ snapshot, revision, progressedAt }: Rollout, now: number): number {
  const isEnding = snapshot.pods.some(({ isDeleting }) => isDeleting);
  const made = snapshot.pods.filter(({ revisionId }) => revisionId === revision.id);
  return isEnding ? now : Math.max(progressedAt, ...made.map(({ createdAt }) => createdAt));
}
