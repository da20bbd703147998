// The older Endpoints controller: one object a Service, ready and not ready addresses, none of pods that terminate.
import type { EndpointAddress, EndpointSubset, Endpoints, Pod, Service } from "../api-server/kinds.ts";
import { isSameJson } from "../api-server/kube-object.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import {
  createTriggerTimes,
  hasAddress,
  isReady,
  portsOn,
  TRIGGER_TIME,
  targetReference,
} from "./endpoint-addresses.ts";
import { watchServices } from "./service-queue.ts";

/** Watches Services and their pods, until the cluster's time stops. */
export function startEndpointsController(parts: ClusterParts): void {
  const { objects } = parts;
  const triggers = createTriggerTimes();

  watchServices(
    parts,
    (service, pods) => {
      const trigger = triggers.next(service, pods);
      const subsets = subsetsOf(service, pods);
      const { name, namespace = "" } = service.metadata;
      const annotations = trigger === undefined ? {} : { [TRIGGER_TIME]: trigger };
      const content = subsets.length > 0 ? { subsets } : {};
      const existing = objects.get("endpoints", namespace, name);
      if (existing === undefined) {
        const labels = { "endpoints.kubernetes.io/managed-by": "endpoint-controller" };
        objects.create("endpoints", namespace, {
          metadata: { name, namespace, labels, annotations },
          ...content,
        });
        return;
      }
      if (isSameJson(existing.subsets ?? [], subsets)) return;
      const { kind, apiVersion, metadata } = existing;
      const updated: Endpoints = { kind, apiVersion, metadata: { ...metadata, annotations }, ...content };
      objects.update("endpoints", updated);
    },
    (key) => {
      triggers.forget(key);
      const [namespace = "", name = ""] = key.split("/");
      objects.delete("endpoints", namespace, name);
    },
  );
}

function subsetsOf(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  const groups = new Map<
    string,
    { ready: EndpointAddress[]; notReady: EndpointAddress[]; ports: EndpointSubset["ports"] }
  >();
  const present = pods.filter((pod) => hasAddress(pod) && pod.metadata.deletionTimestamp === undefined);
  for (const pod of present) {
    const ports = portsOn(service, pod).map(({ name, port, protocol }) => ({
      ...(name && { name }),
      port,
      protocol,
    }));
    // A port that the pod does not have leaves nothing to list here; only slices show such a pod.
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    let group = groups.get(key);
    if (group === undefined) {
      group = { ready: [], notReady: [], ports };
      groups.set(key, group);
    }
    const isListedReady = isReady(pod) || service.spec.publishNotReadyAddresses === true;
    (isListedReady ? group.ready : group.notReady).push(addressOf(pod));
  }
  return [...groups.values()].map(({ ready, notReady, ports }) => ({
    ...(ready.length > 0 && { addresses: ready.sort(byAddress) }),
    ...(notReady.length > 0 && { notReadyAddresses: notReady.sort(byAddress) }),
    ports,
  }));
}

function addressOf(pod: Pod): EndpointAddress {
  const { nodeName } = pod.spec;
  return { ip: pod.status.podIP ?? "", ...(nodeName && { nodeName }), targetRef: targetReference(pod) };
}

function byAddress(a: EndpointAddress, b: EndpointAddress): number {
  return a.ip.localeCompare(b.ip, undefined, { numeric: true });
}
