// Has a Service handled whenever it, or a pod that it selects, changes.
import type { Pod, Service } from "../api-server/kinds.ts";
import type { KubeObject, Texts } from "../api-server/kube-object.ts";
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
  const queue = createKeyQueue(parts, (key) => {
    const { namespace, name } = parseKey(key);
    const service = objects.get("services", namespace, name);
    if (service === undefined) {
      forget(key);
      return;
    }
    const { selector, type } = service.spec;
    if (selector === undefined || type === "ExternalName") return;
    const pods = objects
      .list("pods", namespace)
      .filter(({ metadata }) => containsLabels(selector, metadata.labels));
    handle(service, pods);
  });
  objects.subscribe("services", ({ object: { metadata } }) =>
    queue.add(keyFor(metadata.namespace, metadata.name)),
  );
  objects.subscribe("pods", ({ type, object, previous }) => {
    if (type !== "DELETED" && previous !== undefined && !isVisibleChange(object as Pod, previous as Pod))
      return;
    for (const { metadata, spec } of objects.values("services", object.metadata.namespace)) {
      if (selects(spec.selector, object) || selects(spec.selector, previous)) {
        queue.add(keyFor(metadata.namespace, metadata.name));
      }
    }
  });
}

function selects(selector: Texts | undefined, object: KubeObject | undefined): boolean {
  return selector !== undefined && object !== undefined && containsLabels(selector, object.metadata.labels);
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
