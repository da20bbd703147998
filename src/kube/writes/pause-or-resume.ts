// Pauses a workload with the annotation that says why RolloutGuard did, and takes both back.
import { ANNOTATIONS } from "../../api/group.ts";
import type { PauseOrResume } from "../../domain/effects/change.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { type JsonPatchOperation, testsFor } from "../json-patch.ts";
import { asObject, metaOf, type RawObject } from "../objects.ts";
import { resourcePath } from "../resources.ts";
import { portOf } from "../workloads/ports-by-kind.ts";
import { annotationOperations } from "./annotation-operations.ts";
import { rethrowAsConflict } from "./write-conflict.ts";

/**
 * Returns the workload as it is then. Rejects with ConflictError when it is not what was read any more, in which case nothing was
 * changed.
 */
export async function pauseOrResume(
  client: Pick<ApiClient, "jsonPatch">,
  change: PauseOrResume,
  workload: RawObject,
): Promise<RawObject> {
  const { namespace } = metaOf(workload);
  const { kind, name } = change.on;
  try {
    return await client.jsonPatch(
      resourcePath(portOf(change.on).resource, namespace, name),
      pauseOperations(change, workload),
    );
  } catch (error) {
    return rethrowAsConflict(
      error,
      `${kind} ${namespace}/${name} changed before it could be paused or resumed`,
    );
  }
}

/** The patch of the change. A workload that somebody else has resumed only loses the annotation. */
export function pauseOperations(change: PauseOrResume, workload: RawObject): JsonPatchOperation[] {
  const isPause = change.do === "pauseRollout";
  const isPaused = asObject(workload.spec).paused === true;
  const [mark, value] =
    "incident" in change.why
      ? [ANNOTATIONS.pausedFor, change.why.incident]
      : [ANNOTATIONS.frozenRevision, change.why.revision];
  const wanted = { [mark]: isPause ? value : undefined };
  const paused: JsonPatchOperation[] = isPause
    ? [{ op: "add", path: "/spec/paused", value: true }]
    : isPaused
      ? [{ op: "remove", path: "/spec/paused" }]
      : [];
  return [...testsFor(change.expect), ...paused, ...annotationOperations(workload, wanted)];
}
