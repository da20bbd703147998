// A cluster autoscaler: adds nodes of a group when pods need them, and says in Events on the pods what it does.
import type { Pod } from "../api-server/kinds.ts";
import { createEventRecorder } from "../controllers/events/event-recorder.ts";
import type { SimulatedCluster } from "../simulated-cluster.ts";
import { unschedulablePods } from "./pending-pods.ts";
import { type NodeTemplate, UpcomingNode } from "./upcoming-node.ts";

/** Equal nodes that the cloud can make more of. */
export interface NodeGroup {
  readonly name: string;
  /** How many it has at the start. */
  readonly size: number;
  readonly maxSize: number;
  readonly node: NodeTemplate;
  /** How long the cloud takes for a node (ms). */
  readonly arrivesAfterMs: number;
  /** The cloud has none left: so long after it was asked (ms) it says so, and is not asked again for some time. */
  readonly failsAfterMs?: number;
}

export interface AutoscalerOptions {
  /** The first one that fits grows. */
  readonly groups: readonly NodeGroup[];
  /** How often it looks at pending pods (ms). Default 10 s. */
  readonly scanEveryMs?: number;
}

interface GroupState {
  readonly group: NodeGroup;
  size: number;
  backsOffUntil: number;
}

const BACK_OFF_MS = 300_000;
/** A node that has arrived is taken into account until the scheduler has used it. */
const SETTLE_MS = 15_000;

/** Runs until the cluster's time stops, or the function that is returned is called. */
export function startClusterAutoscaler(cluster: SimulatedCluster, options: AutoscalerOptions): () => void {
  const { parts } = cluster;
  const { objects, time } = parts;
  const recorder = createEventRecorder(parts, { component: "cluster-autoscaler" });
  const states = options.groups.map((group): GroupState => ({ group, size: group.size, backsOffUntil: 0 }));
  const upcoming = new Set<UpcomingNode>();
  const scanEveryMs = options.scanEveryMs ?? 10_000;
  let isStopped = false;

  function scan(): void {
    if (isStopped) return;
    time.after(scanEveryMs, scan);
    const left = unschedulablePods(objects).filter((pod) => !isExpected(pod));
    const [first] = left;
    if (first === undefined) return;
    const state = states.find((each) => obstacle(each, first) === undefined);
    if (state === undefined) for (const pod of left) refuse(pod);
    else grow(state, left);
  }

  function isExpected(pod: Pod): boolean {
    return [...upcoming].some((node) => node.has(pod) || node.take(pod));
  }

  /** Why the group does not grow for the pod. */
  function obstacle({ group, size, backsOffUntil }: GroupState, pod: Pod): readonly string[] | undefined {
    if (time.now() < backsOffUntil) return ["in backoff after failed scale-up"];
    if (size >= group.maxSize) return ["max node group size reached"];
    return new UpcomingNode(group.node).refusalOf(pod)?.reasons;
  }

  function refuse(pod: Pod): void {
    const counts = new Map<string, number>();
    for (const reason of states.flatMap((state) => obstacle(state, pod) ?? [])) {
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).sort();
    recorder.record(pod, "Normal", "NotTriggerScaleUp", `pod didn't trigger scale-up: ${reasons.join(", ")}`);
  }

  /** Asks the cloud for as many nodes of the group as the pods need. */
  function grow(state: GroupState, pods: readonly Pod[]): void {
    const { group, size: before } = state;
    const nodes: UpcomingNode[] = [];
    const placed = pods.filter((pod) => {
      if (nodes.some((node) => node.take(pod))) return true;
      const node = new UpcomingNode(group.node);
      if (before + nodes.length >= group.maxSize || !node.take(pod)) return false;
      nodes.push(node);
      return true;
    });
    state.size += nodes.length;
    for (const node of nodes) order(state, node);
    const change = `${group.name} ${before}->${state.size} (max: ${group.maxSize})`;
    for (const pod of placed) {
      recorder.record(pod, "Normal", "TriggeredScaleUp", `pod triggered scale-up: [{${change}}]`);
    }
  }

  function order(state: GroupState, node: UpcomingNode): void {
    const { group } = state;
    upcoming.add(node);
    if (group.failsAfterMs !== undefined) {
      time.after(group.failsAfterMs, () => {
        upcoming.delete(node);
        state.size -= 1;
        state.backsOffUntil = time.now() + BACK_OFF_MS;
      });
      return;
    }
    time.after(group.arrivesAfterMs, () => {
      cluster.addNode(group.node);
      time.after((group.node.readyAfterMs ?? 0) + SETTLE_MS, () => upcoming.delete(node));
    });
  }

  time.after(scanEveryMs, scan);
  return () => {
    isStopped = true;
  };
}
