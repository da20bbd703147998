// The older Endpoints controller: one object a Service, ready and not ready addresses.
import type { Endpoints, Service } from "../../api-server/kinds.ts";
import { isSameJson, type Texts } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { parseKey } from "../key-queue.ts";
import { createTriggerTimes, HEADLESS, isHeadless, TRIGGER_TIME } from "./endpoint-addresses.ts";
import { addressCount, MAX_ADDRESSES, subsetsOf, truncated } from "./endpoint-subsets.ts";
import type { ServicePods } from "./service-pods.ts";
import { watchServices } from "./service-queue.ts";

const MANAGED_BY = "endpoints.kubernetes.io/managed-by";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

/** Watches Services and their pods, until the cluster's time stops. */
export function startEndpointsController(parts: ClusterParts, servicePods: ServicePods): void {
  const { objects } = parts;
  const triggers = createTriggerTimes();

  watchServices(
    parts,
    servicePods,
    "endpoint-controller",
    (service, pods) => {
      const trigger = triggers.next(service, pods);
      const all = subsetsOf(service, pods);
      const subsets = truncated(all);
      const { name, namespace = "" } = service.metadata;
      const existing = objects.get("endpoints", namespace, name);
      const {
        [TRIGGER_TIME]: _time,
        [OVER_CAPACITY]: _capacity,
        ...others
      } = existing?.metadata.annotations ?? {};
      const annotations = {
        ...others,
        ...(trigger !== undefined && { [TRIGGER_TIME]: trigger }),
        ...(addressCount(all) > MAX_ADDRESSES && { [OVER_CAPACITY]: "truncated" }),
      };
      const labels = labelsFor(service);
      const content = subsets.length > 0 ? { subsets } : {};
      if (existing === undefined) {
        objects.create("endpoints", namespace, {
          metadata: { name, namespace, labels, annotations },
          ...content,
        });
        return;
      }
      if (isSameJson(existing.subsets ?? [], subsets) && isSameJson(existing.metadata.labels, labels)) return;
      const { kind, apiVersion, metadata } = existing;
      const updated: Endpoints = {
        kind,
        apiVersion,
        metadata: { ...metadata, labels, annotations },
        ...content,
      };
      objects.update("endpoints", updated);
    },
    (key) => {
      triggers.forget(key);
      const { namespace, name } = parseKey(key);
      objects.delete("endpoints", namespace, name);
    },
  );
}

function labelsFor(service: Service): Texts {
  const { [HEADLESS]: _headless, ...own } = service.metadata.labels ?? {};
  return { ...own, [MANAGED_BY]: "endpoint-controller", ...(isHeadless(service) && { [HEADLESS]: "" }) };
}
