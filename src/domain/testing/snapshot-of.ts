// From a scene to the snapshot that the decision takes: counts, conditions and endpoints follow from the pods.
import { rolloutOf } from "../rollout/rollout.ts";
import { selects } from "../rollout/services.ts";
import type { Answers } from "../snapshot/answer.ts";
import type { ConditionView } from "../snapshot/condition.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { aPod } from "./a-pod.ts";
import { shownFailureAt } from "./after-restart.ts";
import { frozen } from "./frozen.ts";
import { T0 } from "./instants.ts";
import { EVENT_AGE_MS, type Scene, type SceneService } from "./scene.ts";

/** The frozen snapshot of a scene; the current revision is not among the others. */
export function snapshotOf(given: Scene): Snapshot {
  const scene = { ...given, others: given.others.filter(({ id }) => id !== given.current.id) };
  const pods = (scene.pods ?? wellPods(scene.current, scene)).map(seenFailing);
  const completedAt = scene.completedAt ?? completion(pods, scene);
  const [old] = scene.others;
  const oldPods = scene.oldPods ?? (old && completedAt === undefined ? wellPods(old, scene) : []);
  const all = [...oldPods.map(seenFailing), ...pods];
  const revisions = [scene.current, ...scene.others].map((one) => counted(one, all, scene));
  const snapshot: Snapshot = {
    guard: scene.guard,
    workload: workloadOf(scene, all, completedAt),
    revisions,
    pods: all,
    services: scene.services.map((service) => servedBy(service, all, revisions)),
    events: [...eventsOf(scene, pods), ...scene.otherEvents],
    incidents: scene.incidents,
    surroundings: scene.surroundings,
  };
  return frozen({ ...snapshot, ...answersIn(scene, snapshot) });
}

function answersIn({ answersTo, now }: Scene, snapshot: Snapshot): Pick<Snapshot, "answers"> {
  const rollout = answersTo.length > 0 ? rolloutOf(snapshot, now) : undefined;
  return rollout
    ? { answers: Object.assign({}, ...answersTo.map((answersOf) => answersOf(rollout, now))) as Answers }
    : {};
}

function wellPods(revision: RevisionView, { desiredReplicas }: Scene): readonly PodView[] {
  return Array.from({ length: desiredReplicas }, (_, index) => aPod(revision, index, revision.createdAt));
}

/** Its first failure was seen; at the latest the one that its status still shows. */
function seenFailing(pod: PodView): PodView {
  const known = [pod.firstFailureAt, shownFailureAt(pod)].filter((at) => at !== undefined);
  if (known.length === 0) return pod;
  return { ...pod, firstFailureAt: Math.min(...known), hadFailedBefore: pod.firstFailureAt === undefined };
}

function completion(pods: readonly PodView[], { desiredReplicas }: Scene): number | undefined {
  const isComplete = pods.length === desiredReplicas && pods.every(({ isReady }) => isReady);
  return isComplete ? Math.max(T0, ...pods.map(({ readyChangedAt }) => readyChangedAt)) : undefined;
}

function living(pods: readonly PodView[]): readonly PodView[] {
  return pods.filter(({ isDeleting, phase }) => !isDeleting && phase !== "Failed");
}

function counted(revision: RevisionView, pods: readonly PodView[], { current, desiredReplicas }: Scene) {
  const own = living(pods).filter(({ revisionId }) => revisionId === revision.id);
  const ready = own.filter(({ isReady }) => isReady).length;
  return {
    ...revision,
    desiredReplicas: revision.hash === current.hash ? desiredReplicas : own.length,
    replicas: own.length,
    readyReplicas: ready,
    availableReplicas: ready,
  };
}

function workloadOf(
  scene: Scene,
  pods: readonly PodView[],
  completedAt: number | undefined,
): WorkloadView | undefined {
  if (!scene.workload) return undefined;
  const alive = living(pods);
  const ready = alive.filter(({ isReady }) => isReady).length;
  return {
    kind: "Deployment",
    name: "checkout",
    uid: "uid-of-deployment",
    generation: 4,
    observedGeneration: 4,
    createdAt: Math.min(...[scene.current, ...scene.others].map((one) => one.createdAt)),
    isDeleting: false,
    isPaused: false,
    strategy: "RollingUpdate",
    maxUnavailable: 0,
    minReadySeconds: 0,
    progressDeadlineSeconds: 600,
    desiredReplicas: scene.desiredReplicas,
    replicas: alive.length,
    updatedReplicas: alive.filter(({ revisionId }) => revisionId === scene.current.id).length,
    readyReplicas: ready,
    availableReplicas: ready,
    templateKey: scene.current.templateKey,
    templateManagers: [],
    conditions: [progressing(completedAt)],
    ...scene.workload,
  };
}

function progressing(completedAt: number | undefined): ConditionView {
  const at = completedAt ?? T0;
  const reason = completedAt === undefined ? "ReplicaSetUpdated" : "NewReplicaSetAvailable";
  return { type: "Progressing", status: "True", reason, message: "", transitionAt: T0, updatedAt: at };
}

function servedBy(
  service: SceneService,
  pods: readonly PodView[],
  revisions: readonly RevisionView[],
): ServiceView {
  const plain: ServiceView = {
    isExternalName: false,
    ports: [{ port: 80, targetPort: 8080 }],
    readyEndpoints: 0,
    ...service,
  };
  const endpoints = living(pods).filter((pod) => {
    const revision = revisions.find(({ id }) => id === pod.revisionId);
    return pod.isReady && revision !== undefined && selects(plain, revision.template.labels);
  });
  const readyEndpoints = service.readyEndpoints ?? endpoints.length;
  return {
    ...plain,
    readyEndpoints,
    ...(readyEndpoints === 0 && { emptySinceAt: service.emptySinceAt ?? T0 }),
  };
}

function eventsOf(scene: Scene, pods: readonly PodView[]): Snapshot["events"] {
  return scene.podEvents.flatMap((event) =>
    pods.map((pod) => ({
      type: "Warning" as const,
      involved: { kind: "Pod", name: pod.name, uid: pod.uid },
      count: 1,
      lastAt: scene.now - EVENT_AGE_MS,
      ...event,
    })),
  );
}
