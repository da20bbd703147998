// The ReplicaSet of a Deployment's current template: made when it is missing, renumbered when it is used again.
import { ApiError } from "../../api-server/api-error.ts";
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import { conditionOf, hasDeadline } from "./deployment-status.ts";
import type { ViewOf } from "./deployment-view.ts";
import { newSetManifest } from "./new-set-manifest.ts";
import { newSetReplicas } from "./replica-counts.ts";
import { newSetAnnotations, REVISION, revisionOf } from "./revisions.ts";
import type { StatusWrites } from "./status-writes.ts";

interface NewSetParts {
  readonly objects: ApiObjects;
  readonly recorder: EventRecorder;
  readonly statusWrites: StatusWrites;
  readonly viewOf: ViewOf;
  /** Comes back to the Deployment in another pass. */
  readonly retry: (deployment: Deployment) => void;
}

/** Makes the function that syncs the ReplicaSet of the template; it returns false when the pass ends there. */
export function createNewSetSync({ objects, recorder, statusWrites, viewOf, retry }: NewSetParts) {
  /** Without `canCreate` only one that is there already is renumbered, as while paused or scaling. */
  function syncNewSet(given: Deployment, canCreate: boolean): boolean {
    const { deployment, newSet, oldSets, all } = viewOf(given);
    const revision = Math.max(0, ...oldSets.map(revisionOf)) + 1;
    if (newSet === undefined) return canCreate && createNewSet(deployment, all, revision);
    const annotations = newSetAnnotations(deployment, newSet, revision);
    const { minReadySeconds } = deployment.spec;
    if (
      !isSameJson(annotations, newSet.metadata.annotations) ||
      newSet.spec.minReadySeconds !== minReadySeconds
    ) {
      objects.update("replicasets", {
        ...newSet,
        metadata: { ...newSet.metadata, annotations },
        spec: { ...newSet.spec, minReadySeconds },
      });
      return true;
    }
    const isFirstSeen =
      hasDeadline(deployment) && conditionOf(deployment.status, "Progressing") === undefined;
    const message = `Found new replica set "${newSet.metadata.name}"`;
    const found = { status: "True", reason: "FoundNewReplicaSet", message } as const;
    statusWrites.announce(
      deployment,
      annotations[REVISION] ?? String(revision),
      isFirstSeen ? found : undefined,
    );
    return true;
  }

  function createNewSet(deployment: Deployment, all: readonly ReplicaSet[], revision: number): boolean {
    const { namespace = "" } = deployment.metadata;
    const replicas = newSetReplicas(deployment, all, 0);
    const manifest = newSetManifest(deployment, { revision, replicas });
    const setName = manifest.metadata.name;
    try {
      objects.create("replicasets", namespace, manifest);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.reason === "AlreadyExists") return resolveCollision(deployment);
      reportFailure(deployment, `Failed to create new replica set "${setName}": ${error.message}`);
      throw error;
    }
    if (replicas > 0) {
      recorder.record(
        deployment,
        "Normal",
        "ScalingReplicaSet",
        `Scaled up replica set ${setName} from 0 to ${replicas}`,
      );
    }
    const created = {
      status: "True",
      reason: "NewReplicaSetCreated",
      message: `Created new replica set "${setName}"`,
    } as const;
    statusWrites.announce(deployment, String(revision), hasDeadline(deployment) ? created : undefined);
    return true;
  }

  function reportFailure(deployment: Deployment, message: string): void {
    const reason = "ReplicaSetCreateError";
    if (hasDeadline(deployment)) {
      const failed = { type: "Progressing", status: "False", reason, message } as const;
      statusWrites.setCondition(deployment, failed);
    }
    recorder.record(deployment, "Warning", reason, message);
  }

  /** The name is taken by another template: count the collision, which changes the hash, and come back. */
  function resolveCollision(deployment: Deployment): boolean {
    const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
    statusWrites.writeStatus(deployment, { ...deployment.status, collisionCount });
    retry(deployment);
    return false;
  }

  return syncNewSet;
}
