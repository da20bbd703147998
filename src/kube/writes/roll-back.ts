// The act: sends the guarded patch, once.
import type { RestoreTemplate } from "../../domain/effects/change.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { ConflictError } from "../connection/api-error.ts";
import type { JsonPatchOperation } from "../json-patch.ts";
import { metaOf, type RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { portOf } from "../workloads/ports-by-kind.ts";
import type { LiveWorkload } from "../workloads/workload-port.ts";
import { buildRollbackPatch } from "./rollback-patch.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

/**
 * Restores the revision of the change and returns the workload as it is then. Rejects with ConflictError when the workload or
 * the object that holds the revision is not what was read, in which case nothing was changed; with ConnectionError
 * when it cannot be known whether the patch was applied: the next read shows it.
 */
export async function rollBack(
  client: ApiClient,
  change: RestoreTemplate,
  live: LiveWorkload,
  now: number,
): Promise<RawObject> {
  const operations = rollbackOperations(change, live, now);
  const { namespace } = metaOf(live.workload);
  const { kind, name } = change.on;
  try {
    return await client.jsonPatch(resourcePath(portOf(live).resource, namespace, name), operations);
  } catch (error) {
    return rethrowAsConflict(error, `${kind} ${namespace}/${name} changed before it could be rolled back`);
  }
}

/** The patch of the change. Throws ConflictError when the object that holds the revision to restore is gone. */
export function rollbackOperations(
  change: RestoreTemplate,
  live: LiveWorkload,
  now: number,
): JsonPatchOperation[] {
  const { kind, name } = change.to.source;
  const source = live.sources.find((candidate) => metaOf(candidate).name === name);
  if (!source) {
    const { namespace } = metaOf(live.workload);
    throw new ConflictError(`${kind} ${namespace}/${name}, the revision to roll back to, was deleted`);
  }
  const template = portOf(live).templateOf(source);
  return buildRollbackPatch({ change, workload: live.workload, source, template, now });
}
