// Changes the ReplicaSets of a Deployment: their sizes, and how many old ones are kept.
import type { Deployment, ReplicaSet } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import type { EventRecorder } from "../event-recorder.ts";
import { sizeAnnotations } from "./replica-counts.ts";
import { revisionOf } from "./revisions.ts";

export type ReplicaSetWrites = ReturnType<typeof createReplicaSetWrites>;

/** Makes the functions that scale and delete ReplicaSets. */
export function createReplicaSetWrites(objects: ApiObjects, recorder: EventRecorder) {
  /** Scales, and says so in an Event. True when the size changed, not only what the ReplicaSet remembers of it. */
  function scale(deployment: Deployment, set: ReplicaSet, replicas: number): boolean {
    const before = set.spec.replicas;
    const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
    if (before === replicas && isSameJson(annotations, set.metadata.annotations)) return false;
    if (before === replicas && replicas === 0) return false;
    objects.update("replicasets", {
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...set.spec, replicas },
    });
    if (before === replicas) return false;
    const direction = replicas > before ? "up" : "down";
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${before} to ${replicas}`;
    recorder.record(deployment, "Normal", "ScalingReplicaSet", message);
    return true;
  }

  /** Deletes the oldest revisions beyond the history limit, as far as they have no pods. */
  function cleanUp(deployment: Deployment, oldSets: readonly ReplicaSet[]): void {
    const surplus = oldSets.length - deployment.spec.revisionHistoryLimit;
    const byRevision = [...oldSets].sort((a, b) => revisionOf(a) - revisionOf(b));
    for (const { metadata, spec, status } of byRevision.slice(0, Math.max(0, surplus))) {
      const isSettled = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
      if (spec.replicas > 0 || status.replicas > 0 || !isSettled) continue;
      objects.delete("replicasets", metadata.namespace ?? "", metadata.name);
    }
  }

  return { scale, cleanUp };
}
