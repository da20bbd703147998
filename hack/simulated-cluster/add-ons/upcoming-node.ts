// A node that is on its way, and the pods that are meant for it.

import type { Node, Pod } from "../api-server/kinds.ts";
import type { NewNode } from "../cluster-nodes.ts";
import type { NodeCapacity } from "../controllers/nodes/node-status.ts";
import { podResources } from "../controllers/pod-resources.ts";
import { type Refusal, refusalOf } from "../controllers/scheduler/node-filter.ts";

/** What each node of a group will be. */
export type NodeTemplate = NewNode & { readonly capacity: NodeCapacity };

export class UpcomingNode {
  readonly #node: Node;
  readonly #requested: Record<string, number> = {};
  readonly #uids = new Set<string>();

  constructor({ capacity, labels = {}, taints = [] }: NodeTemplate) {
    this.#node = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "", uid: "", resourceVersion: "", creationTimestamp: "", labels },
      spec: { taints },
      status: { allocatable: { ...capacity } },
    };
  }

  has({ metadata }: Pod): boolean {
    return this.#uids.has(metadata.uid);
  }

  /** Why it will not take the pod beside those that are meant for it already. */
  refusalOf(pod: Pod): Refusal | undefined {
    const load = {
      pods: this.#uids.size,
      requested: this.#requested,
      byController: new Map<string, number>(),
    };
    return refusalOf(this.#node, load, pod);
  }

  /** Takes the pod if there is room. */
  take(pod: Pod): boolean {
    if (this.refusalOf(pod) !== undefined) return false;
    this.#uids.add(pod.metadata.uid);
    for (const [name, amount] of Object.entries(podResources(pod.spec, "requests"))) {
      this.#requested[name] = (this.#requested[name] ?? 0) + amount;
    }
    return true;
  }
}
