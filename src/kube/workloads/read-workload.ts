// One workload, read past the caches.
import type { ApiClient } from "../connection/api-client.ts";
import { ConflictError, isNotFound } from "../connection/api-error.ts";
import type { RawObject } from "../objects.ts";
import { RESOURCES, resourcePath, type WorkloadResource } from "../resources.ts";

/** One request. Rejects with ConflictError when the workload is gone. */
export async function readWorkload(
  client: Pick<ApiClient, "get">,
  resource: WorkloadResource,
  namespace: string,
  name: string,
): Promise<RawObject> {
  try {
    return await client.get(resourcePath(resource, namespace, name));
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ConflictError(`${RESOURCES[resource].kind} ${namespace}/${name} no longer exists`, {
      cause: error,
    });
  }
}
