// What must come before what, whatever else is chance: no count and no endpoint before the pods that it tells of.
import {
  controllerOf,
  type Deployment,
  type EndpointSlice,
  type Endpoints,
  type Pod,
  type ReplicaSet,
} from "@rolloutguard/simulated-cluster/objects";
import type { RecordedChange } from "../recording.ts";

/** What breaks a rule, one sentence each; the changes must be in the order of their writes. */
export function brokenOrder(before: readonly RecordedChange[], after: readonly RecordedChange[]): string[] {
  const world = new World();
  for (const change of before) world.see(change);
  const broken: string[] = [];
  for (const change of after) {
    const complaint = world.complaintAbout(change);
    if (complaint !== undefined) broken.push(`${change.t}: ${complaint}`);
    world.see(change);
  }
  return broken;
}

class World {
  readonly #pods = new Map<string, Pod>();
  readonly #sets = new Map<string, ReplicaSet>();
  /** The uids of controllers that have had pods at some time. */
  readonly #hadPods = new Set<string>();
  /** The uids of pods that have been ready at some time. */
  readonly #wereReady = new Set<string>();
  /** The most that the ReplicaSets together had ready so far. */
  #mostReady = 0;

  see({ resource, type, object }: RecordedChange): void {
    const { uid } = object.metadata;
    if (resource === "pods") {
      const pod = object as Pod;
      this.#hadPods.add(controllerOf(pod)?.uid ?? "");
      if (type === "DELETED") this.#pods.delete(uid);
      else this.#pods.set(uid, pod);
      if (pod.status.conditions?.some((each) => each.type === "Ready" && each.status === "True")) {
        this.#wereReady.add(uid);
      }
    }
    if (resource === "replicasets") this.#sets.set(uid, object as ReplicaSet);
    const ready = [...this.#sets.values()].map(({ status }) => status.readyReplicas ?? 0);
    this.#mostReady = Math.max(
      this.#mostReady,
      ready.reduce((sum, count) => sum + count, 0),
    );
  }

  complaintAbout({ resource, object }: RecordedChange): string | undefined {
    if (resource === "replicasets") return this.#aboutSet(object as ReplicaSet);
    if (resource === "deployments") return this.#aboutDeployment(object as Deployment);
    if (resource === "pods") return this.#aboutPod(object as Pod);
    const ready = readyTargets(resource, object);
    const early = ready.find((uid) => !this.#wereReady.has(uid));
    return early && `${resource} list pod ${early} as ready before it was`;
  }

  #aboutSet({ metadata, status }: ReplicaSet): string | undefined {
    const owned = [...this.#pods.values()].filter((pod) => controllerOf(pod)?.uid === metadata.uid);
    if (status.replicas > 0 && !this.#hadPods.has(metadata.uid ?? ""))
      return `${metadata.name} counts pods before there are any`;
    const ready = owned.filter((pod) => this.#wereReady.has(pod.metadata.uid));
    if ((status.readyReplicas ?? 0) > ready.length)
      return `${metadata.name} counts pods as ready that never were`;
    return undefined;
  }

  #aboutDeployment({ metadata, status }: Deployment): string | undefined {
    if ((status.readyReplicas ?? 0) <= this.#mostReady) return undefined;
    return `${metadata.name} counts more ready pods than its ReplicaSets did`;
  }

  #aboutPod({ metadata, spec, status }: Pod): string | undefined {
    const isBound = spec.nodeName !== undefined;
    if (!isBound && status.startTime !== undefined) return `${metadata.name} is started before it is bound`;
    if (this.#pods.has(metadata.uid) || status.startTime === undefined) return undefined;
    return `${metadata.name} appears with a status`;
  }
}

function readyTargets(resource: string, object: unknown): string[] {
  if (resource === "endpointslices") {
    const { endpoints } = object as EndpointSlice;
    return (endpoints ?? [])
      .filter(({ conditions }) => conditions.ready)
      .map(({ targetRef }) => targetRef.uid);
  }
  if (resource !== "endpoints") return [];
  const { subsets = [] } = object as Endpoints;
  return subsets.flatMap(({ addresses = [] }) => addresses).map(({ targetRef }) => targetRef.uid);
}
