// A quota on pods, as a ResourceQuota enforces it: creations beyond it are refused.

import type { ApiObjects } from "../api-server/objects.ts";
import type { Admission } from "../api-server/registry.ts";

export interface PodQuota {
  readonly name: string;
  readonly pods: number;
}

export interface PodQuotas {
  readonly admission: Admission;
  /** Sets the quota of a namespace, or removes it. */
  set(namespace: string, quota: PodQuota | undefined): void;
}

export function createPodQuotas(objects: ApiObjects): PodQuotas {
  const quotas = new Map<string, PodQuota>();
  return {
    set(namespace, quota) {
      if (quota === undefined) quotas.delete(namespace);
      else quotas.set(namespace, quota);
    },
    admission(resource, { metadata }) {
      const quota = quotas.get(metadata.namespace ?? "");
      if (resource.id !== "pods" || quota === undefined) return undefined;
      let used = 0;
      for (const { status } of objects.values("pods", metadata.namespace)) {
        if (status.phase !== "Failed" && status.phase !== "Succeeded") used += 1;
      }
      if (used < quota.pods) return undefined;
      return `exceeded quota: ${quota.name}, requested: pods=1, used: pods=${used}, limited: pods=${quota.pods}`;
    },
  };
}
