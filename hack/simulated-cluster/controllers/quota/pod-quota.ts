// A short way to a ResourceQuota on the number of pods.
import type { ApiObjects } from "../../api-server/objects.ts";
import { syncQuota } from "./quota-controller.ts";

export interface PodQuota {
  readonly name: string;
  readonly pods: number;
}

/** Writes the ResourceQuota of a namespace with its status, or removes those that were written so. */
export function setPodQuota(objects: ApiObjects, namespace: string, quota: PodQuota | undefined): void {
  const label = { "simulated-cluster/pod-quota": "true" };
  if (quota === undefined) {
    for (const { metadata } of objects.list("resourcequotas", namespace)) {
      if (metadata.labels?.["simulated-cluster/pod-quota"])
        objects.delete("resourcequotas", namespace, metadata.name);
    }
    return;
  }
  objects.apply({
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: quota.name, namespace, labels: label },
    spec: { hard: { pods: String(quota.pods) } },
  });
  syncQuota(objects, namespace, quota.name);
}
