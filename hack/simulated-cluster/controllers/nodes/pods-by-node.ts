// Which pods each node has and what they ask of it, kept up to date so that nobody has to look through all pods.
import type { Pod } from "../../api-server/kinds.ts";
import { controllerOf } from "../../api-server/kube-object.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { isTerminal } from "../pod-readiness.ts";
import { podResources, type Resources } from "../pod-resources.ts";

/** What the pods of a node ask for that have not ended. */
export interface NodeLoad {
  readonly pods: number;
  readonly requested: Resources;
  /** How many pods of each controller, by its uid. */
  readonly byController: ReadonlyMap<string, number>;
}

export interface PodsByNode {
  /** All pods that are bound to the node. */
  podsOn(nodeName: string): readonly Pod[];
  loadOf(nodeName: string): NodeLoad;
}

interface Entry {
  readonly pods: Map<string, Pod>;
  count: number;
  readonly requested: Record<string, number>;
  readonly byController: Map<string, number>;
}

const NO_LOAD: NodeLoad = { pods: 0, requested: {}, byController: new Map() };

/** Follows the pods from now on. */
export function createPodsByNode(objects: ApiObjects): PodsByNode {
  const nodes = new Map<string, Entry>();

  function entryOf(nodeName: string): Entry {
    let entry = nodes.get(nodeName);
    if (entry === undefined) {
      entry = { pods: new Map(), count: 0, requested: {}, byController: new Map() };
      nodes.set(nodeName, entry);
    }
    return entry;
  }

  /** Adds what a pod counts for, or takes it away (`sign` -1). */
  function count(entry: Entry, pod: Pod, sign: 1 | -1): void {
    entry.count += sign;
    for (const [name, amount] of Object.entries(podResources(pod.spec, "requests"))) {
      entry.requested[name] = (entry.requested[name] ?? 0) + sign * amount;
    }
    const controller = controllerOf(pod)?.uid ?? "";
    const left = (entry.byController.get(controller) ?? 0) + sign;
    if (left > 0) entry.byController.set(controller, left);
    else entry.byController.delete(controller);
  }

  function counts(pod: Pod | undefined): boolean {
    return pod?.spec.nodeName !== undefined && !isTerminal(pod);
  }

  function see(pod: Pod, isGone: boolean): void {
    const { nodeName } = pod.spec;
    if (nodeName === undefined) return;
    const entry = entryOf(nodeName);
    const before = entry.pods.get(pod.metadata.uid);
    if (isGone) entry.pods.delete(pod.metadata.uid);
    else entry.pods.set(pod.metadata.uid, pod);
    const isCounted = !isGone && counts(pod);
    if (counts(before) === isCounted) return;
    count(entry, before !== undefined && !isCounted ? before : pod, isCounted ? 1 : -1);
  }

  for (const pod of objects.values("pods")) see(pod, false);
  objects.subscribe("pods", ({ type, object }) => see(object as Pod, type === "DELETED"));

  return {
    podsOn: (nodeName) => [...(nodes.get(nodeName)?.pods.values() ?? [])],
    loadOf: (nodeName) => {
      const entry = nodes.get(nodeName);
      if (entry === undefined) return NO_LOAD;
      const { requested, byController } = entry;
      return { pods: entry.count, requested, byController };
    },
  };
}
