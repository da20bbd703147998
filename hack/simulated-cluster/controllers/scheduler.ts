// The scheduler: binds new pods to a node that takes them, or says why none does.
import type { Condition, Node, Pod } from "../api-server/kinds.ts";
import type { KubeObject } from "../api-server/kube-object.ts";
import { containsLabels } from "../api-server/selectors.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import { createKeyQueue, keyFor, parseKey } from "./key-queue.ts";
import { createSchedulingEvents } from "./scheduling-events.ts";

const RETRY_MS = 30_000;

/** Watches pods without a node, until the cluster's time stops. */
export function startScheduler(parts: ClusterParts): void {
  const { objects, time } = parts;
  const pods = objects.resources.named("pods");
  const queue = createKeyQueue(parts, schedule);
  const record = createSchedulingEvents(parts);
  let turn = 0;

  const enqueue = ({ metadata, spec }: KubeObject): void => {
    if ((spec as Pod["spec"]).nodeName === undefined) queue.add(keyFor(metadata.namespace, metadata.name));
  };
  objects.subscribe("pods", ({ type, object }) => {
    if (type === "ADDED") enqueue(object);
  });
  objects.subscribe("nodes", () => {
    for (const pod of objects.values("pods")) enqueue(pod);
  });

  function schedule(key: string): void {
    const { namespace, name } = parseKey(key);
    const pod = objects.get("pods", namespace, name);
    if (pod === undefined || pod.spec.nodeName !== undefined || pod.metadata.deletionTimestamp !== undefined)
      return;
    const nodes = objects.list("nodes");
    const refusals = nodes.map((node) => refusalOf(node, pod));
    const fitting = nodes.filter((_, i) => refusals[i] === undefined);
    const node = fitting[turn++ % Math.max(1, fitting.length)];
    if (node === undefined) {
      reject(pod, refusals);
      return;
    }
    const nodeName = node.metadata.name;
    const lastTransitionTime = time.timestamp();
    const scheduled: Condition = {
      type: "PodScheduled",
      status: "True",
      lastProbeTime: null,
      lastTransitionTime,
    };
    // A binding is no change of the spec by a client, so it does not count as a new generation.
    objects.store.put(pods, {
      ...pod,
      spec: boundSpec(pod.spec, nodeName),
      status: { ...pod.status, conditions: withScheduled(pod, scheduled) },
    });
    record(pod, {
      type: "Normal",
      reason: "Scheduled",
      action: "Binding",
      message: `Successfully assigned ${namespace}/${name} to ${nodeName}`,
    });
  }

  function reject(pod: Pod, refusals: readonly (string | undefined)[]): void {
    const { namespace = "", name } = pod.metadata;
    const message = explain(refusals);
    queue.add(keyFor(namespace, name), RETRY_MS);
    const current = pod.status.conditions?.find(({ type }) => type === "PodScheduled");
    if (current?.message === message) return;
    const condition: Condition = {
      type: "PodScheduled",
      status: "False",
      lastProbeTime: null,
      lastTransitionTime: time.timestamp(),
      reason: "Unschedulable",
      message,
    };
    objects.updateStatus("pods", {
      ...pod,
      status: { ...pod.status, conditions: withScheduled(pod, condition) },
    });
    record(pod, {
      type: "Warning",
      reason: "FailedScheduling",
      action: "Scheduling",
      message,
    });
  }
}

/** Pods that shared their spec share it still when they are bound to the same node. */
const boundSpecs = new WeakMap<Pod["spec"], Pod["spec"]>();

function boundSpec(spec: Pod["spec"], nodeName: string): Pod["spec"] {
  let bound = boundSpecs.get(spec);
  if (bound?.nodeName !== nodeName) {
    bound = { ...spec, nodeName };
    boundSpecs.set(spec, bound);
  }
  return bound;
}

function withScheduled({ status }: Pod, condition: Condition): readonly Condition[] {
  return [...(status.conditions ?? []).filter(({ type }) => type !== "PodScheduled"), condition];
}

/** Why the node does not take the pod. What other pods use is not counted: nodes are as large as they say to each. */
function refusalOf(node: Node, pod: Pod): string | undefined {
  const { nodeSelector = {} } = pod.spec;
  if (node.spec.unschedulable) return "node(s) were unschedulable";
  const ready = node.status.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") return "node(s) had untolerated taint(s)";
  if (!containsLabels(nodeSelector, node.metadata.labels))
    return "node(s) didn't match Pod's node affinity/selector";
  for (const name of ["cpu", "memory"]) {
    const requested = pod.spec.containers.reduce(
      (sum, { resources }) => sum + quantity(resources?.requests?.[name]),
      0,
    );
    if (requested > quantity(node.status.allocatable?.[name])) return `Insufficient ${name}`;
  }
  return undefined;
}

function explain(refusals: readonly (string | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const refusal of refusals) counts.set(refusal ?? "", (counts.get(refusal ?? "") ?? 0) + 1);
  const total = refusals.length;
  const list = [...counts].map(([refusal, count]) => `${count} ${refusal}`).sort();
  const isForLackOfRoom = list.some((text) => text.includes("Insufficient"));
  const preemption = isForLackOfRoom
    ? `${total} No preemption victims found for incoming pod`
    : `${total} Preemption is not helpful for scheduling`;
  return `0/${total} nodes are available: ${list.join(", ")}. preemption: 0/${total} nodes are available: ${preemption}.`;
}

const UNITS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** "500m" or "2Gi" as a number. */
function quantity(text: string | undefined): number {
  const [, amount = "0", unit = ""] = /^([\d.]+)([a-zA-Z]*)$/.exec(text ?? "0") ?? [];
  return Number(amount) * (UNITS[unit] ?? 1);
}
