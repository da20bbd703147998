// The pods that no node takes, as those see them who add nodes.
import type { Pod } from "../api-server/kinds.ts";
import type { ApiObjects } from "../api-server/objects.ts";
import { podCondition } from "../controllers/pod-readiness.ts";

/** Those of all namespaces that the scheduler has given up for now, oldest first. */
export function unschedulablePods(objects: ApiObjects): readonly Pod[] {
  const pods = objects.list("pods").filter((pod) => {
    const isWaiting = pod.spec.nodeName === undefined && pod.metadata.deletionTimestamp === undefined;
    return isWaiting && podCondition(pod, "PodScheduled")?.reason === "Unschedulable";
  });
  return pods.sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp));
}
