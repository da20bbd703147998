// The scale subresource: the replica count of a workload as an object of its own.
import { invalid } from "../api-error.ts";
import type { Deployment } from "../kinds.ts";
import type { KubeObject } from "../kube-object.ts";
import { selectorText } from "../label-selector.ts";
import { negative } from "../validation/field-errors.ts";

const SCALE = { group: "autoscaling", plural: "scales", kind: "Scale" };

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

/** The workload with the replica count, and the lock, of a Scale. A count below 0 is refused. */
export function withScale(object: KubeObject, scale: KubeObject): KubeObject {
  const replicas = (scale.spec as { replicas?: number } | undefined)?.replicas ?? 0;
  const faults = negative("spec.replicas", replicas);
  if (faults.length > 0) throw invalid(SCALE, object.metadata.name, faults);
  const { resourceVersion } = scale.metadata;
  return {
    ...object,
    metadata: { ...object.metadata, resourceVersion },
    spec: { ...(object as Deployment).spec, replicas },
  };
}
