// The veto: one annotation on a workload, set or taken away.
import { ANNOTATIONS } from "../../api/group.ts";
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { metaOf, type RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { portOf } from "../workloads/ports-by-kind.ts";
import { annotationOperations } from "./annotation-operations.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

/**
 * Sets the veto with its reason, or takes it away (undefined), on the workload of that kind as it was just read. Rejects with
 * ConflictError when it is another one by now or has gone.
 */
export async function setVeto(
  client: Pick<ApiClient, "jsonPatch">,
  kind: WorkloadKind,
  workload: RawObject,
  reason: string | undefined,
): Promise<RawObject> {
  const { namespace, name, uid } = metaOf(workload);
  try {
    return await client.jsonPatch(resourcePath(portOf({ kind }).resource, namespace, name), [
      { op: "test", path: "/metadata/uid", value: uid },
      ...annotationOperations(workload, { [ANNOTATIONS.veto]: reason }),
    ]);
  } catch (error) {
    return rethrowAsConflict(error, `${kind} ${namespace}/${name} was changed at the same time; try again`);
  }
}
