// Has a Service handled whenever it, or a pod that it selects, changes. Knows which pods each Service selects.
import type { Pod, Service } from "../api-server/kinds.ts";
import type { KubeObject } from "../api-server/kube-object.ts";
import { containsLabels } from "../api-server/selectors.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import { createKeyQueue, keyFor, parseKey } from "./key-queue.ts";

/** `handle` gets the Service with the pods that it selects; `forget` the key of one that is gone. */
export function watchServices(
  parts: ClusterParts,
  handle: (service: Service, pods: readonly Pod[]) => void,
  forget: (key: string) => void,
): void {
  const { objects } = parts;
  /** The selected pods by name, by the Service's key: a pass must not go through all pods of the namespace. */
  const selected = new Map<string, Map<string, Pod>>();
  const queue = createKeyQueue(parts, (key) => {
    const { namespace, name } = parseKey(key);
    const service = objects.get("services", namespace, name);
    if (service === undefined) {
      forget(key);
      return;
    }
    if (!hasSelector(service)) return;
    const pods = [...(selected.get(key)?.values() ?? [])];
    handle(
      service,
      pods.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    );
  });

  // What was there before, as after a restart of the controller: it is as it should be, and its pods must be known.
  for (const service of objects.values("services")) {
    selected.set(keyFor(service.metadata.namespace, service.metadata.name), selectPods(service));
  }
  objects.subscribe("services", ({ type, object }) => {
    const service = object as Service;
    const key = keyFor(service.metadata.namespace, service.metadata.name);
    if (type === "DELETED") selected.delete(key);
    else selected.set(key, selectPods(service));
    queue.add(key);
  });

  objects.subscribe("pods", ({ type, object, previous }) => {
    const pod = object as Pod;
    const isNews = type !== "MODIFIED" || previous === undefined || isVisibleChange(pod, previous as Pod);
    for (const service of objects.values("services", pod.metadata.namespace)) {
      const key = keyFor(service.metadata.namespace, service.metadata.name);
      const pods = selected.get(key);
      const wasIn = pods?.delete(pod.metadata.name) === true;
      const isIn = type !== "DELETED" && selects(service, pod);
      if (isIn) pods?.set(pod.metadata.name, pod);
      if (isNews && (wasIn || isIn)) queue.add(key);
    }
  });

  function selectPods(service: Service): Map<string, Pod> {
    const pods = new Map<string, Pod>();
    for (const pod of objects.values("pods", service.metadata.namespace)) {
      if (selects(service, pod)) pods.set(pod.metadata.name, pod);
    }
    return pods;
  }
}

function hasSelector({ spec }: Service): boolean {
  return spec.selector !== undefined && spec.type !== "ExternalName";
}

function selects({ spec }: Service, { metadata }: KubeObject): boolean {
  return spec.selector !== undefined && containsLabels(spec.selector, metadata.labels);
}

/** Most changes of a pod's status mean nothing to endpoints. */
function isVisibleChange(pod: Pod, previous: Pod): boolean {
  return view(pod) !== view(previous) || pod.metadata.labels !== previous.metadata.labels;
}

function view({ metadata, status, spec }: Pod): string {
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  return [
    metadata.deletionTimestamp,
    status.podIP,
    status.phase,
    ready?.status,
    ready?.lastTransitionTime,
    spec.nodeName,
  ].join(" ");
}
