// The scale subresource: the replica count of a workload as an object of its own.
import type { Deployment, LabelSelector } from "./kinds.ts";
import type { KubeObject } from "./kube-object.ts";

/** The Scale of a Deployment or ReplicaSet. */
export function scaleOf(object: KubeObject): KubeObject {
  const { spec, status, metadata } = object as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: selectorText(spec.selector) },
  };
}

/** The workload with the replica count, and the lock, of a Scale. */
export function withScale(object: KubeObject, scale: KubeObject): KubeObject {
  const replicas = (scale.spec as { replicas?: number } | undefined)?.replicas ?? 0;
  const { resourceVersion } = scale.metadata;
  return {
    ...object,
    metadata: { ...object.metadata, resourceVersion },
    spec: { ...(object as Deployment).spec, replicas },
  };
}

function selectorText({ matchLabels = {} }: LabelSelector): string {
  return Object.entries(matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
