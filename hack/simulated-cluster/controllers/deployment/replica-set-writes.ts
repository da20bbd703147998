// Changes the ReplicaSets of a Deployment: their sizes, and how many old ones are kept.
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import type { EventRecorder } from "../events/event-recorder.ts";
import { sizeAnnotations } from "./replica-counts.ts";
import { revisionOf } from "./revisions.ts";

export type ReplicaSetWrites = ReturnType<typeof createReplicaSetWrites>;

/** Makes the functions that scale and delete ReplicaSets. */
export function createReplicaSetWrites(objects: ApiObjects, recorder: EventRecorder) {
  /** Scales, and says so in an Event. False when there is nothing to change. */
  function scale(deployment: Deployment, set: ReplicaSet, replicas: number): boolean {
    const before = set.spec.replicas;
    if (before === replicas) return false;
    resize(deployment, set, replicas);
    const direction = replicas > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    recorder.record(deployment, "Normal", "ScalingReplicaSet", message);
    return true;
  }

  /** As `scale`, and has the ReplicaSet remember the size of its Deployment even when its own stays. */
  function scaleInProportion(deployment: Deployment, set: ReplicaSet, replicas: number): void {
    if (!scale(deployment, set, replicas)) resize(deployment, set, replicas);
  }

  function resize(deployment: Deployment, set: ReplicaSet, replicas: number): void {
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
    objects.update("replicasets", {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, replicas },
    });
  }

  /** Deletes the oldest revisions beyond the history limit, as far as they have no pods. */
  function cleanUp(deployment: Deployment, oldSets: readonly ReplicaSet[]): void {
    const alive = oldSets.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const surplus = alive.length - deployment.spec.revisionHistoryLimit;
    const byRevision = alive.sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const { metadata, spec, status } of byRevision.slice(0, Math.max(0, surplus))) {
      const isSettled = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
      if (spec.replicas > 0 || status.replicas > 0 || !isSettled) continue;
      objects.delete("replicasets", metadata.namespace ?? "", metadata.name);
    }
  }

  return { scale, scaleInProportion, cleanUp };
}
