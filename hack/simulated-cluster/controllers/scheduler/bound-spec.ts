// The spec of a pod that is bound to a node. Pods that shared their spec share it still on the same node, to save memory.
import type { PodSpec } from "../../api-server/kinds.ts";

const boundSpecs = new WeakMap<PodSpec, Map<string, PodSpec>>();

export function boundSpec(spec: PodSpec, nodeName: string): PodSpec {
  let byNode = boundSpecs.get(spec);
  if (byNode === undefined) {
    byNode = new Map();
    boundSpecs.set(spec, byNode);
  }
  let bound = byNode.get(nodeName);
  if (bound === undefined) {
    bound = { ...spec, nodeName };
    byNode.set(nodeName, bound);
  }
  return bound;
}
