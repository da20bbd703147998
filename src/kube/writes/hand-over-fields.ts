// After a rollback: gives the fields that it changed to whoever applies the workload server-side. Changes nothing but
// managedFields, so that no generation is made and nothing rolls out.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { blocksNextApply, handedOver } from "../field-owners/hand-over.ts";
import { testsFor } from "../json-patch.ts";
import { metaOf, type RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { portOf } from "../workloads/ports-by-kind.ts";
import { readWorkload } from "../workloads/read-workload.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

export interface WorkloadToHandOver {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * One request to read and, when there is something to hand over, one to write. Can be repeated. Returns the workload as it
 * is then. Rejects with ConflictError when it is another one by now, is gone, or was changed at the same moment, and with
 * OwnersRestoredError when the API server took the patch and the fields are RolloutGuard's all the same.
 */
export async function handOverFields(
  client: Pick<ApiClient, "get" | "jsonPatch">,
  { kind, namespace, name, uid }: WorkloadToHandOver,
): Promise<RawObject> {
  const { resource } = portOf({ kind });
  const workload = await readWorkload(client, resource, namespace, name);
  const managedFields = handedOver(workload);
  if (managedFields === undefined) return workload;
  const { resourceVersion } = metaOf(workload);
  const after = await client
    .jsonPatch(resourcePath(resource, namespace, name), [
      // Whoever applies it at this moment changes the owners too.
      ...testsFor({ uid, resourceVersion }),
      { op: "replace", path: "/metadata/managedFields", value: managedFields },
    ])
    .catch((error: unknown) =>
      rethrowAsConflict(error, `${kind} ${namespace}/${name} changed before its fields could be handed over`),
    );
  if (blocksNextApply(after)) throw new OwnersRestoredError();
  return after;
}

/** Admission has put the owners back: whoever tries at once again does so without end. */
export class OwnersRestoredError extends Error {
  override readonly name = "OwnersRestoredError";

  constructor() {
    super(
      "the patch was accepted, but the owners of the fields were restored, probably by an admission webhook",
    );
  }
}
