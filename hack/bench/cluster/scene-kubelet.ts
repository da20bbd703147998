// The kubelet of the scene: plays new pods quickly. Those with the bad image crash twice and then wait to be told.
import type { ClusterParts } from "@rolloutguard/simulated-cluster";
import { createEventRecorder } from "@rolloutguard/simulated-cluster/controllers";
import type { ContainerStatus, Pod } from "@rolloutguard/simulated-cluster/objects";
import { TAGS } from "../scene/application-template.ts";
import {
  boundSpec,
  type ContainerFacts,
  podManagedFields,
  podStatus,
  type Seat,
} from "../scene/pod-objects.ts";
import type { Seats } from "../scene/settled-application.ts";

/** Each between two bounds (ms). Quicker than real ones; the decision that is measured depends on none of them. */
const BIND_MS = [10, 30] as const;
const START_MS = [200, 500] as const;
const READY_MS = [200, 500] as const;
const CRASH_AFTER_MS = [150, 300] as const;
const RESTART_MS = [40, 80] as const;
/** A real kubelet waits for 10 s before the second restart. */
const BACK_OFF_MS = [900, 1_100] as const;
const REMOVAL_MS = [100, 400] as const;

export interface SceneKubelet {
  /** Has the pod, which runs for the third time, crash once more. */
  crashAgain(pod: Pod): void;
}

/** Takes care of pods that come from now on; `onThirdRun` is told of each bad pod that has crashed twice and runs again. */
export function startSceneKubelet(
  parts: ClusterParts,
  seats: Seats,
  onThirdRun: (pod: Pod) => void,
): SceneKubelet {
  const { objects, time, random } = parts;
  const recorder = createEventRecorder(parts, { component: "kubelet", host: "node-000.example.com" });

  objects.subscribe("pods", ({ type, object, previous }) => {
    const pod = object as Pod;
    if (type === "ADDED" && pod.spec.nodeName === undefined) after(BIND_MS, pod, bind);
    const isNewlyDeleted = previous?.metadata.deletionTimestamp === undefined;
    if (type === "MODIFIED" && pod.metadata.deletionTimestamp !== undefined && isNewlyDeleted) {
      time.after(random.between(...REMOVAL_MS), () => objects.finishDeletion("pods", pod));
    }
  });

  /** Goes on with the pod a while later, as it is then; not when it is being deleted or gone. */
  function after([from, to]: readonly [number, number], pod: Pod, next: (current: Pod) => void): void {
    time.after(random.between(from, to), () => {
      const current = objects.get("pods", pod.metadata.namespace ?? "", pod.metadata.name);
      const isSame = current?.metadata.uid === pod.metadata.uid;
      if (current && isSame && current.metadata.deletionTimestamp === undefined) next(current);
    });
  }

  function bind(pod: Pod): void {
    const seat = { ...seats.next(), startTime: time.timestamp() };
    const spec = boundSpec(pod.spec, seat.nodeName);
    const facts = { state: { waiting: { reason: "ContainerCreating" } }, restartCount: 0, isReady: false };
    const bound = { ...pod, spec, status: podStatus({ spec }, seat, facts, time.timestamp()) };
    const metadata = { ...pod.metadata, managedFields: podManagedFields(bound, time.timestamp()) };
    objects.put("pods", { ...bound, metadata });
    after(START_MS, pod, (current) => run(current, seat, 0));
  }

  function show(pod: Pod, seat: Seat, facts: ContainerFacts): void {
    objects.put("pods", { ...pod, status: podStatus(pod, seat, facts, time.timestamp()) });
  }

  function run(pod: Pod, seat: Seat, restartCount: number): void {
    const startedAt = time.timestamp();
    const state = { running: { startedAt } };
    show(pod, seat, { state, lastState: lastStateOf(pod), restartCount, isReady: false });
    if (!isBad(pod)) {
      after(READY_MS, pod, (current) => show(current, seat, { state, restartCount, isReady: true }));
    } else if (restartCount < 2) {
      after(CRASH_AFTER_MS, pod, (current) => crash(current, seat, restartCount));
    } else {
      after(CRASH_AFTER_MS, pod, onThirdRun);
    }
  }

  function crash(pod: Pod, seat: Seat, restartCount: number): void {
    const state = crashedState(pod, time.timestamp());
    show(pod, seat, { state, lastState: lastStateOf(pod), restartCount, isReady: false });
    if (restartCount === 0) after(RESTART_MS, pod, (current) => run(current, seat, 1));
    else after(RESTART_MS, pod, (current) => backOff(current, seat, restartCount));
  }

  function backOff(pod: Pod, seat: Seat, restartCount: number): void {
    const { name, namespace, uid } = pod.metadata;
    const message = `back-off 10s restarting failed container=app pod=${name}_${namespace}(${uid})`;
    const state = { waiting: { reason: "CrashLoopBackOff", message } };
    show(pod, seat, { state, lastState: containerOf(pod).state, restartCount, isReady: false });
    const text = `Back-off restarting failed container app in pod ${name}_${namespace}(${uid})`;
    recorder.record(pod, "Warning", "BackOff", text, { fieldPath: "spec.containers{app}" });
    if (restartCount < 2) after(BACK_OFF_MS, pod, (current) => run(current, seat, restartCount + 1));
  }

  return {
    crashAgain(pod) {
      const { hostIP = "", podIP = "", startTime = "" } = pod.status;
      const seat = { nodeName: pod.spec.nodeName ?? "", hostIP, podIP, startTime };
      const current = objects.get("pods", pod.metadata.namespace ?? "", pod.metadata.name);
      if (current?.metadata.uid !== pod.metadata.uid) return;
      if (current.metadata.deletionTimestamp === undefined) crash(current, seat, 2);
    },
  };
}

function isBad({ spec }: Pod): boolean {
  return spec.containers[0]?.image.endsWith(`:${TAGS.bad}`) === true;
}

function containerOf(pod: Pod): ContainerStatus {
  const [status] = pod.status.containerStatuses ?? [];
  if (status === undefined) throw new Error(`pod ${pod.metadata.name} has no container yet`);
  return status;
}

/** What the container's next state shows as its last one: how it ended before. */
function lastStateOf(pod: Pod): ContainerStatus["lastState"] {
  const { state, lastState } = containerOf(pod);
  return state.terminated ? state : lastState;
}

function crashedState(pod: Pod, finishedAt: string): ContainerStatus["state"] {
  const { state, containerID } = containerOf(pod);
  const startedAt = state.running?.startedAt ?? finishedAt;
  return { terminated: { exitCode: 1, reason: "Error", startedAt, finishedAt, containerID } };
}
