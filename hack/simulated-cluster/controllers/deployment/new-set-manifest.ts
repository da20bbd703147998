// The ReplicaSet that the controller creates for a Deployment's template. Pure.
import type { Deployment } from "../../api-server/kinds.ts";
import { controllerReference } from "../../api-server/kube-object.ts";
import { newSetAnnotations } from "./revisions.ts";
import { templateHash } from "./template-hash.ts";

/** The manifest, with the template's hash in the name, the labels and the selector. */
export function newSetManifest(
  deployment: Deployment,
  { revision, replicas }: { readonly revision: number; readonly replicas: number },
) {
  const { namespace = "", name } = deployment.metadata;
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status.collisionCount);
  const labels = { ...template.metadata?.labels, "pod-template-hash": hash };
  return {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: newSetAnnotations(deployment, undefined, revision),
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      minReadySeconds,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, "pod-template-hash": hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}
