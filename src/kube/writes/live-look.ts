// The second look, live: the Deployment and its ReplicaSets as the API server has them at this moment.
import type { ApiClient } from "../connection/api-client.ts";
import { ConflictError, isNotFound } from "../connection/api-error.ts";
import { asList, asObject, asText, isObject, metaOf, type RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";

/** Raw objects: the decision is made again on them, and the patch takes the template from them as it is. */
export interface LiveLook {
  readonly deployment: RawObject;
  /** Those that the Deployment controls. */
  readonly replicaSets: readonly RawObject[];
}

/** Two requests. Rejects with ConflictError when the Deployment is gone. */
export async function lookAgain(
  client: ApiClient,
  namespace: string,
  deploymentName: string,
): Promise<LiveLook> {
  const deployment = await getDeployment(client, namespace, deploymentName);
  const selector = asObject(asObject(deployment.spec).selector);
  const list = await client.get(resourcePath("replicasets", namespace), {
    labelSelector: selectorText(selector),
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

/** A LabelSelector in the form of the query parameter: "app=web,tier in (a,b),!legacy". */
export function selectorText(selector: RawObject): string {
  const labels = Object.entries(asObject(selector.matchLabels)).map(
    ([key, value]) => `${key}=${asText(value)}`,
  );
  const expressions = asList(selector.matchExpressions).map((expression) => {
    const { key, operator, values } = asObject(expression);
    const set = `(${asList(values)
      .map((value) => asText(value))
      .join(",")})`;
    switch (operator) {
      case "In":
        return `${asText(key)} in ${set}`;
      case "NotIn":
        return `${asText(key)} notin ${set}`;
      case "DoesNotExist":
        return `!${asText(key)}`;
      default:
        return asText(key);
    }
  });
  return [...labels, ...expressions].join(",");
}
