// Pods that their nodes reject for what the template asks (a forbidden sysctl, a label that the node lost), or evict because they
// use more than it allows: dead pods pile up. Pure.
import { isAboutPlacement, isPlacementChanged } from "../rollout/placement.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { PodView } from "../snapshot/pod.ts";
import { type Check, fault, groundsIn, healthy, lasting, mostFrequent } from "./fault.ts";
import { countsAt, patienceWith } from "./urgency.ts";

const URGENT_MS = 45_000;
/** One can be an accident of scheduler and node; the controller makes the next one at once. */
const ENOUGH = 3;
/** Why a node ends or turns away pods without it being about what the template asks. */
const NODE_REASONS = new Set(["Evicted", "NodeLost", "NodeShutdown", "Preempting", "Terminated"]);

export const podRejected: Check = (rollout, now) => {
  const { policy, pods, revision, workload } = rollout;
  if (!policy.spec.checks.podRejected.enabled) return healthy("podRejected");
  const rejected = rejectedPods(rollout);
  const areRunning = pods.some(({ containers }) => containers.some(({ state }) => state.is === "running"));
  const areOverLimit = rejected.every(isOverLimit) && rejected.length * 2 >= workload.desiredReplicas;
  if (rejected.length < ENOUGH || (areRunning && !areOverLimit)) return healthy("podRejected");
  const reason = mostFrequent(rejected.map((pod) => pod.reason ?? "no reason given")) ?? "no reason given";
  const sinceAt = Math.min(...rejected.map(({ createdAt }) => createdAt));
  const patience = patienceWith(
    // What the good revision asked for as well comes back, or the deadline does.
    isAboutPlacement(reason) && !isPlacementChanged(rollout) ? "expected" : "mistake",
    URGENT_MS,
    policy.podRejectedMs,
  );
  const found = {
    sinceAt,
    restsOn: groundsIn(rollout, "pods"),
    ...fault(
      "PodRejected",
      areOverLimit
        ? `nodes evicted ${rejected.length} pods of ${revision.source.name}: ${rejected[0]?.message?.trim() ?? reason}`
        : `nodes rejected ${rejected.length} pods of ${revision.source.name} in a row: ${reason}`,
      rejected.map(
        (pod) =>
          `pod ${pod.name} on node ${pod.node ?? "?"}: Failed, ${pod.reason ?? "no reason given"}${pod.message ? `: ${pod.message}` : ""}`,
      ),
    ),
    pods: rejected,
  };
  return lasting("podRejected", found, countsAt(rollout, sinceAt, patience), now);
};

/** Dead pods of the rollout of which no container was ever started; where there are none, those that were evicted for what they use. */
function rejectedPods({ snapshot, revision, startedAt }: Rollout): readonly PodView[] {
  const dead = snapshot.pods.filter(
    (pod) =>
      pod.revisionId === revision.id &&
      pod.phase === "Failed" &&
      pod.createdAt + 1_000 > startedAt &&
      pod.disruption === undefined,
  );
  const rejected = dead.filter(
    ({ reason, containers }) =>
      !(reason !== undefined && NODE_REASONS.has(reason)) &&
      containers.every(({ state, last }) => state.is === "waiting" && last === undefined),
  );
  return rejected.length > 0 ? rejected : dead.filter(isOverLimit);
}

/**
 * The kubelet evicted the pod because it uses more of the node's disk than its own template allows, and not because the node was
 * short of it (pkg/kubelet/eviction).
 */
function isOverLimit({ reason, message = "" }: PodView): boolean {
  return (
    reason === "Evicted" &&
    /exceeds the (?:total )?limit|exceeded its local ephemeral storage limit/.test(message)
  );
}
