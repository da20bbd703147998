// The scheduler: binds new pods to a node that takes them, or says why none does, and tries again when that may change.
import type { Condition, Node, Pod } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import type { PodsByNode } from "../nodes/pods-by-node.ts";
import { isTerminal } from "../pod-readiness.ts";
import { createAwaitVolumes } from "../volumes/await-volumes.ts";
import { delayedClaims, unboundClaims } from "../volumes/pod-claims.ts";
import { boundSpec } from "./bound-spec.ts";
import { chooseNode } from "./node-choice.ts";
import { explain, explainBeforeNodes, type Refusal, refusalOf } from "./node-filter.ts";
import { createSchedulingEvents } from "./scheduling-events.ts";

const FIRST_BACK_OFF_MS = 1_000;
const LAST_BACK_OFF_MS = 10_000;
const ROOM_MS = 50;
/** However little has changed, a pod is tried again after that. */
const LONGEST_WAIT_MS = 300_000;

/** A pod that no node takes. */
interface Waiting {
  readonly uid: string;
  readonly tries: number;
  readonly triedAt: number;
  readonly isForLackOfRoom: boolean;
  /** Whether its claims keep it from all nodes. */
  readonly isForClaims: boolean;
  /** Whether its next try is planned already. */
  isDue: boolean;
}

type Rejection = Pick<Waiting, "isForLackOfRoom" | "isForClaims"> & { readonly message: string };

/** Watches pods without a node, until the cluster's time stops. */
export function startScheduler(parts: ClusterParts, podsByNode: PodsByNode): void {
  const { objects, time } = parts;
  const pods = objects.resources.named("pods");
  const record = createSchedulingEvents(parts);
  const awaitVolumes = createAwaitVolumes(parts);
  const queue = createKeyQueue(parts, schedule, "default-scheduler");
  const waiting = new Map<string, Waiting>();
  let turn = 0;
  let isRoomNoticed = false;

  objects.subscribe("pods", ({ type, object, previous }) => {
    const pod = object as Pod;
    const key = keyFor(pod.metadata.namespace, pod.metadata.name);
    if (type === "DELETED") waiting.delete(key);
    if (pod.spec.nodeName === undefined) {
      const isChanged = type === "MODIFIED" && !isSameJson(pod.spec, (previous as Pod | undefined)?.spec);
      if (type === "ADDED" || isChanged) queue.add(key);
      return;
    }
    const hasEnded = type === "MODIFIED" && isTerminal(pod) && !isTerminal(previous as Pod);
    if (type === "DELETED" || hasEnded) noticeRoom();
  });
  objects.subscribe("nodes", ({ object, previous }) => {
    if (!isSameJson(viewOf(object as Node), previous && viewOf(previous as Node))) tryAgain(() => true);
  });

  objects.subscribe("persistentvolumeclaims", () => tryAgain(({ isForClaims }) => isForClaims));

  /** Looks once for all pods that go at about the same time. */
  function noticeRoom(): void {
    if (isRoomNoticed || waiting.size === 0) return;
    isRoomNoticed = true;
    time.after(ROOM_MS, () => {
      isRoomNoticed = false;
      tryAgain(({ isForLackOfRoom }) => isForLackOfRoom);
    });
  }

  /** Has the pods tried again for which the change may matter, each after its back-off. */
  function tryAgain(concerns: (pod: Waiting) => boolean): void {
    for (const [key, pod] of waiting) {
      if (pod.isDue || !concerns(pod)) continue;
      pod.isDue = true;
      const backOff = Math.min(FIRST_BACK_OFF_MS * 2 ** (pod.tries - 1), LAST_BACK_OFF_MS);
      queue.add(key, Math.max(0, pod.triedAt + backOff - time.now()));
    }
  }

  function schedule(key: string): void {
    const { namespace, name } = parseKey(key);
    const pod = objects.get("pods", namespace, name);
    if (
      pod === undefined ||
      pod.spec.nodeName !== undefined ||
      pod.metadata.deletionTimestamp !== undefined
    ) {
      waiting.delete(key);
      return;
    }
    const nodes = objects.list("nodes");
    const claimRefusal = unboundClaims(objects, pod);
    if (claimRefusal !== undefined) {
      const message = explainBeforeNodes(nodes.length, claimRefusal);
      reject(key, pod, { message, isForLackOfRoom: false, isForClaims: true });
      return;
    }
    const candidates = nodes.map((node) => ({ node, load: podsByNode.loadOf(node.metadata.name) }));
    const refusals = candidates.map(({ node, load }) => refusalOf(node, load, pod));
    const fitting = candidates.filter((_, i) => refusals[i] === undefined);
    const node = chooseNode(fitting, pod, turn++);
    if (node === undefined) rejectByNodes(key, pod, refusals);
    else if (delayedClaims(objects, pod).length > 0) bindWithVolumes(key, pod, node.metadata.name);
    else bind(key, pod, node.metadata.name);
  }

  function rejectByNodes(key: string, pod: Pod, all: readonly (Refusal | undefined)[]): void {
    const refusals = all.filter((refusal) => refusal !== undefined);
    const isForLackOfRoom = refusals.some((refusal) => refusal.isForLackOfRoom);
    reject(key, pod, { message: explain(refusals), isForLackOfRoom, isForClaims: false });
  }

  /** The pod gets its node when its volumes are there. */
  function bindWithVolumes(key: string, pod: Pod, nodeName: string): void {
    awaitVolumes(pod, nodeName, (current, isBound) => {
      if (isBound) {
        bind(key, current, nodeName);
        return;
      }
      const message = 'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded';
      reject(key, current, { message, isForLackOfRoom: false, isForClaims: true });
    });
  }

  function bind(key: string, pod: Pod, nodeName: string): void {
    waiting.delete(key);
    // A binding is no change of the spec by a client, so it does not count as a new generation.
    objects.store.put(pods, {
      ...pod,
      spec: boundSpec(pod.spec, nodeName),
      status: { ...pod.status, conditions: withScheduled(pod, { status: "True" }) },
    });
    record(pod, {
      type: "Normal",
      reason: "Scheduled",
      action: "Binding",
      message: `Successfully assigned ${key} to ${nodeName}`,
    });
  }

  function reject(key: string, pod: Pod, { message, ...why }: Rejection): void {
    const { uid } = pod.metadata;
    const before = waiting.get(key);
    const tries = before?.uid === uid ? before.tries + 1 : 1;
    const own = { uid, tries, triedAt: time.now(), ...why, isDue: false };
    waiting.set(key, own);
    time.after(LONGEST_WAIT_MS, () => {
      if (waiting.get(key) === own) queue.add(key);
    });
    const current = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
    if (current?.message !== message) {
      const conditions = withScheduled(pod, { status: "False", reason: "Unschedulable", message });
      objects.updateStatus("pods", { ...pod, status: { ...pod.status, conditions } });
    }
    record(pod, { type: "Warning", reason: "FailedScheduling", action: "Scheduling", message });
  }

  function withScheduled(
    { metadata, status }: Pod,
    change: Pick<Condition, "status" | "reason" | "message">,
  ): readonly Condition[] {
    const before = status.conditions ?? [];
    const current = before.find(({ type }) => type === "PodScheduled");
    const isSame = current?.status === change.status;
    const condition: Condition = {
      type: "PodScheduled",
      observedGeneration: metadata.generation,
      lastProbeTime: null,
      lastTransitionTime: isSame ? current.lastTransitionTime : time.timestamp(),
      ...change,
    };
    return [...before.filter(({ type }) => type !== "PodScheduled"), condition];
  }
}

/** What of a node a decision depends on. */
function viewOf({ metadata, spec, status }: Node): unknown {
  return { labels: metadata.labels, spec, allocatable: status?.allocatable };
}
