// Pods that no node takes. Pure.
import { type Check, eventsAbout, findingOfPods, healthy, podShare, told } from "./fault.ts";

/** Where the rollout did not change what its pods ask of a node, the cluster is short of room, and may be growing. */
const UNCHANGED_FACTOR = 4;

export const unschedulable: Check = (rollout, now) => {
  const { policy, revision, baseline, completedAt } = rollout;
  if (!policy.spec.checks.unschedulable.enabled || completedAt !== undefined) return healthy("unschedulable");
  // A first deployment has nothing to compare with; a cluster that is growing for it deserves the longer time too.
  const isChanged =
    baseline !== undefined && baseline.template.schedulingKey !== revision.template.schedulingKey;
  const patienceMs = policy.unschedulableMs * (isChanged ? 1 : UNCHANGED_FACTOR);
  const affected = rollout.pods
    .filter(({ scheduled }) => !scheduled.ok && scheduled.reason === "Unschedulable")
    .map((pod) => ({ pod, sinceAt: pod.scheduled.at, untilAt: pod.scheduled.at + patienceMs }));
  return findingOfPods("unschedulable", rollout, affected, now, (pods) =>
    told(
      "Unschedulable",
      `No node takes ${podShare(pods, rollout)}: ${pods[0]?.pod.scheduled.message ?? "the scheduler gives no reason"}`,
      [
        ...pods.map(({ pod }) => `pod ${pod.name}: PodScheduled is False: ${pod.scheduled.message ?? ""}`),
        ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["FailedScheduling"])),
      ],
    ),
  );
};
