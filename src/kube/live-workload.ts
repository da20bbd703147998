// The Deployment and its ReplicaSets, read past the caches before a rollback: as the API server has them at this moment.
import { selectorText } from "../domain/labels.ts";
import type { ApiClient } from "./connection/api-client.ts";
import { ConflictError, isNotFound } from "./connection/api-error.ts";
import { asList, asObject, isObject, metaOf, type RawObject } from "./objects.ts";
import { projectLabelSelector } from "./projections/label-selector.ts";
import { resourcePath } from "./resources.ts";

/** Raw objects: the decision is made again on them, and the patch takes the template from them as it is. */
export interface LiveWorkload {
  readonly deployment: RawObject;
  /** Those that the Deployment controls. */
  readonly replicaSets: readonly RawObject[];
}

/** Two requests. Rejects with ConflictError when the Deployment is gone. */
export async function readLiveWorkload(
  client: ApiClient,
  namespace: string,
  deploymentName: string,
): Promise<LiveWorkload> {
  const deployment = await getDeployment(client, namespace, deploymentName);
  const { selector } = asObject(deployment.spec);
  const list = await client.get(resourcePath("replicasets", namespace), {
    labelSelector: selectorText(projectLabelSelector(selector)),
  });
  const { uid } = metaOf(deployment);
  const replicaSets = asList(list.items).filter(
    (item): item is RawObject => isObject(item) && metaOf(item).controller?.uid === uid,
  );
  return { deployment, replicaSets };
}

async function getDeployment(client: ApiClient, namespace: string, name: string): Promise<RawObject> {
  try {
    return await client.get(resourcePath("deployments", namespace, name));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ConflictError(`Deployment ${namespace}/${name} is gone`, { cause: error });
  }
}
