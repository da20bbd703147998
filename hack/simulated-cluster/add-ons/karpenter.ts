// Karpenter: makes a node for pending pods and nominates it in Events on the pods.
import type { Pod } from "../api-server/kinds.ts";
import { createEventRecorder } from "../controllers/events/event-recorder.ts";
import type { SimulatedCluster } from "../simulated-cluster.ts";
import { unschedulablePods } from "./pending-pods.ts";
import { type NodeTemplate, UpcomingNode } from "./upcoming-node.ts";

export interface NodePool {
  readonly name: string;
  /** The largest instance that it makes. */
  readonly node: NodeTemplate;
  /** How long the cloud takes for an instance (ms). */
  readonly arrivesAfterMs: number;
}

/** It waits so long for further pods before it decides (ms). */
const BATCH_MS = 2_000;
const SETTLE_MS = 15_000;
/** It repeats a nomination for as long as the pod waits. */
const NOMINATES_EVERY_MS = 300_000;

interface NodeClaim {
  readonly name: string;
  readonly node: UpcomingNode;
}

/** Runs until the cluster's time stops, or the function that is returned is called. */
export function startKarpenter(cluster: SimulatedCluster, pool: NodePool): () => void {
  const { parts } = cluster;
  const { objects, time, random } = parts;
  const recorder = createEventRecorder(parts, { component: "karpenter" });
  const claims = new Set<NodeClaim>();
  const nominatedAt = new Map<string, number>();
  let isStopped = false;

  function provision(): void {
    if (isStopped) return;
    time.after(BATCH_MS, provision);
    for (const pod of unschedulablePods(objects)) {
      const claim = claimFor(pod) ?? newClaim(pod);
      if (claim === undefined) refuse(pod);
      else nominate(pod, claim);
    }
  }

  function claimFor(pod: Pod): NodeClaim | undefined {
    return [...claims].find(({ node }) => node.has(pod)) ?? [...claims].find(({ node }) => node.take(pod));
  }

  function newClaim(pod: Pod): NodeClaim | undefined {
    const node = new UpcomingNode(pool.node);
    if (!node.take(pod)) return undefined;
    const claim = { name: `${pool.name}-${random.suffix(5)}`, node };
    claims.add(claim);
    time.after(pool.arrivesAfterMs, () => {
      cluster.addNode({ ...pool.node, labels: { ...pool.node.labels, "karpenter.sh/nodepool": pool.name } });
      time.after((pool.node.readyAfterMs ?? 0) + SETTLE_MS, () => claims.delete(claim));
    });
    return claim;
  }

  function nominate(pod: Pod, { name }: NodeClaim): void {
    const last = nominatedAt.get(pod.metadata.uid);
    if (last !== undefined && time.now() < last + NOMINATES_EVERY_MS) return;
    nominatedAt.set(pod.metadata.uid, time.now());
    recorder.record(pod, "Normal", "Nominated", `Pod should schedule on: nodeclaim/${name}`);
  }

  function refuse(pod: Pod): void {
    const last = nominatedAt.get(pod.metadata.uid);
    if (last !== undefined && time.now() < last + NOMINATES_EVERY_MS) return;
    nominatedAt.set(pod.metadata.uid, time.now());
    const why = `incompatible with nodepool "${pool.name}", no instance type has enough resources`;
    recorder.record(pod, "Warning", "FailedScheduling", `Failed to schedule pod, ${why}`);
  }

  time.after(BATCH_MS, provision);
  return () => {
    isStopped = true;
  };
}
