// The act: sends the guarded patch, once.
import type { RollbackPlan } from "../../domain/decision.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { ConflictError } from "../connection/api-error.ts";
import type { LiveWorkload } from "../live-workload.ts";
import { metaOf, type RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { buildRollbackPatch } from "./rollback-patch.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

/**
 * Restores the revision of the plan and returns the Deployment as it is then. Rejects with ConflictError when the
 * Deployment or the ReplicaSet is not what was read, in which case nothing was changed; with ConnectionError
 * when it cannot be known whether the patch was applied: the next read shows it.
 */
export async function rollBack(
  client: ApiClient,
  plan: RollbackPlan,
  live: LiveWorkload,
  now: number,
): Promise<RawObject> {
  const { namespace } = metaOf(live.deployment);
  const { name } = plan.workload;
  const replicaSet = live.replicaSets.find((candidate) => metaOf(candidate).name === plan.to.source.name);
  if (!replicaSet) {
    throw new ConflictError(
      `ReplicaSet ${namespace}/${plan.to.source.name}, which was to be restored, is gone`,
    );
  }
  const operations = buildRollbackPatch({ plan, deployment: live.deployment, replicaSet, now });
  try {
    return await client.jsonPatch(resourcePath("deployments", namespace, name), operations);
  } catch (error) {
    return rethrowAsConflict(error, `Deployment ${namespace}/${name} changed before it could be rolled back`);
  }
}
