// The Deployment and its ReplicaSets, read past the caches: as the API server has them at this moment.
import { selectorText } from "../../../domain/labels.ts";
import type { ApiClient } from "../../connection/api-client.ts";
import { asList, asObject, isObject, metaOf, type RawObject } from "../../objects.ts";
import { projectLabelSelector } from "../../projections/label-selector.ts";
import { resourcePath } from "../../resources.ts";
import { readWorkload } from "../read-workload.ts";
import type { LiveWorkload } from "../workload-port.ts";

/** Two requests. Rejects with ConflictError when the Deployment is gone. */
export async function readDeployment(
  client: Pick<ApiClient, "get">,
  namespace: string,
  name: string,
): Promise<LiveWorkload> {
  const workload = await readWorkload(client, "deployments", namespace, name);
  const { selector } = asObject(workload.spec);
  const list = await client.get(resourcePath("replicasets", namespace), {
    labelSelector: selectorText(projectLabelSelector(selector)),
  });
  const { uid } = metaOf(workload);
  const sources = asList(list.items).filter(
    (item): item is RawObject => isObject(item) && metaOf(item).controller?.uid === uid,
  );
  return { kind: "Deployment", workload, sources };
}
