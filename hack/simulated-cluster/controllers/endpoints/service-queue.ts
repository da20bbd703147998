// Has a Service handled whenever it, or a pod that it selects, changes.
import type { Pod, Service } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import type { ControllerName } from "../../controller-pauses.ts";
import { createKeyQueue, parseKey } from "../key-queue.ts";
import { hasSelector, type ServicePods } from "./service-pods.ts";

/** Done by the controller of that name. `handle` gets the Service with the pods that it selects; `forget` the key of one that is gone. */
export function watchServices(
  parts: ClusterParts,
  servicePods: ServicePods,
  controller: ControllerName,
  handle: (service: Service, pods: readonly Pod[]) => void,
  forget: (key: string) => void,
): void {
  const sync = (key: string): void => {
    const { namespace, name } = parseKey(key);
    const service = parts.objects.get("services", namespace, name);
    if (service === undefined) forget(key);
    else if (hasSelector(service)) handle(service, servicePods.podsOf(key));
  };
  const queue = createKeyQueue(parts, sync, controller);
  servicePods.onChange((key) => queue.add(key));
}
