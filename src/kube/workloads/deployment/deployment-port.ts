// Deployments: seen with their ReplicaSets, changed by their pod template.
import { asObject, controllerOf, isObject, metaOf, type RawObject } from "../../objects.ts";
import { HASH_LABEL } from "../../projections/template.ts";
import type { WorkloadPort } from "../workload-port.ts";
import { projectDeployment } from "./project-deployment.ts";
import { projectReplicaSet } from "./project-replica-set.ts";
import { readDeployment } from "./read-deployment.ts";

export const deploymentPort: WorkloadPort = {
  kind: "Deployment",
  resource: "deployments",
  revisionResource: "replicasets",
  project: projectDeployment,
  projectRevision: projectReplicaSet,
  revisionIdOf,
  podSelector: (revisions) => `${HASH_LABEL} in (${revisions.map(({ hash }) => hash).join(",")})`,
  read: readDeployment,
  templateOf,
};

/** The uid of the ReplicaSet that controls the pod. */
function revisionIdOf(pod: RawObject): string | undefined {
  const controller = controllerOf(pod);
  return controller?.kind === "ReplicaSet" ? controller.uid : undefined;
}

/** The ReplicaSet's pod template, without the hash that its Deployment's controller has added. */
function templateOf(replicaSet: RawObject): RawObject {
  const template = asObject(asObject(replicaSet.spec).template);
  if (!isObject(template.spec))
    throw new TypeError(`ReplicaSet ${metaOf(replicaSet).name} has no pod template`);
  const metadata = asObject(template.metadata);
  const { [HASH_LABEL]: _hash, ...labels } = asObject(metadata.labels);
  return { ...template, metadata: { ...metadata, labels } };
}
