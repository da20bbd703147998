// The veto: one annotation on a Deployment, set or taken away.
import { ANNOTATIONS } from "../../api/group.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { metaOf, type RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { annotationOperations } from "./annotation-operations.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

/**
 * Sets the veto with its reason, or takes it away (undefined), on the Deployment as it was just read. Rejects with
 * ConflictError when it is another one by now or has gone.
 */
export async function setVeto(
  client: Pick<ApiClient, "jsonPatch">,
  deployment: RawObject,
  reason: string | undefined,
): Promise<RawObject> {
  const { namespace, name, uid } = metaOf(deployment);
  try {
    return await client.jsonPatch(resourcePath("deployments", namespace, name), [
      { op: "test", path: "/metadata/uid", value: uid },
      ...annotationOperations(deployment, { [ANNOTATIONS.veto]: reason }),
    ]);
  } catch (error) {
    return rethrowAsConflict(
      error,
      `Deployment ${namespace}/${name} was changed at the same moment; try again`,
    );
  }
}
