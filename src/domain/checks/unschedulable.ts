// Pods that no node takes. Pure.

import { schedulingComplaint } from "../rollout/complaints.ts";
import { isPlacementChanged, isWhereChanged } from "../rollout/placement.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { PodView } from "../snapshot/pod.ts";
import { type Check, eventsAbout, fault, findingOfPods, healthy, podShare } from "./fault.ts";
import { countsAt, type Evidence, patienceWith } from "./urgency.ts";

const URGENT_MS = 60_000;
/** So long pods by which a complete rollout is scaled up can wait for a node: an autoscaler adds one in less. */
const SCALED_MS = 300_000;
/** What an autoscaler says of a pod for which it is adding a node (cluster-autoscaler, Karpenter). */
const NODE_IS_COMING = new Set(["TriggeredScaleUp", "Nominated"]);

export const unschedulable: Check = (rollout, now) => {
  const { policy, completedAt } = rollout;
  if (!policy.spec.checks.unschedulable.enabled) return healthy("unschedulable");
  const affected = rollout.pods
    .filter(({ scheduled }) => !scheduled.ok && scheduled.reason === "Unschedulable")
    .flatMap((pod) => {
      const evidence = evidenceIn(rollout, pod);
      // Once it is complete, more pods are an autoscaler's wish, unless this release changed what they ask of a node.
      if (completedAt !== undefined && !isPlacementChanged(rollout)) return [];
      const sinceAt = pod.scheduled.at;
      const patience = patienceWith(evidence, URGENT_MS, policy.unschedulableMs);
      const untilAt = countsAt(rollout, sinceAt, patience);
      // Kubernetes has no deadline for a rollout that is complete.
      return [
        {
          pod,
          evidence,
          sinceAt,
          untilAt: completedAt === undefined ? untilAt : Math.min(untilAt, sinceAt + SCALED_MS),
        },
      ];
    });
  return findingOfPods(rollout, now, {
    check: "unschedulable",
    affected,
    isSuspicious: affected.some(({ evidence }) => evidence === "mistake"),
    describe: (pods) =>
      fault(
        "Unschedulable",
        `${podShare(pods, rollout)} cannot be scheduled: ${pods[0]?.pod.scheduled.message ?? "the scheduler gives no reason"}`,
        [
          ...pods.map(({ pod }) => `pod ${pod.name}: PodScheduled is False: ${pod.scheduled.message ?? ""}`),
          ...pods.flatMap(({ pod }) =>
            eventsAbout(rollout, pod.uid, ["FailedScheduling", ...NODE_IS_COMING]),
          ),
        ],
      ),
  });
};

/** Where a pod can run is a mistake only if this release changed it; else the cluster has changed, or is growing. */
function evidenceIn(rollout: Rollout, pod: PodView): Evidence {
  const { snapshot } = rollout;
  const isComing = snapshot.events.some(
    ({ involved, reason }) => involved.uid === pod.uid && NODE_IS_COMING.has(reason),
  );
  if (isComing) return "expected";
  return (
    schedulingComplaint(pod.scheduled.message ?? "") ?? (isWhereChanged(rollout) ? "mistake" : "expected")
  );
}
