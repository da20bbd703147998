// The EndpointSlice controller: the addresses of a Service's pods, ready, serving or terminating.
import type { EndpointPort, EndpointSlice, Pod, Service, SliceEndpoint } from "../api-server/kinds.ts";
import { controllerReference, isSameJson } from "../api-server/kube-object.ts";
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

const MAX_ENDPOINTS = 100;
const SERVICE_NAME = "kubernetes.io/service-name";
const MANAGED_BY = { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io" };

/** The content that one slice should have. */
interface Wanted {
  readonly ports: readonly EndpointPort[] | null;
  readonly endpoints: readonly SliceEndpoint[] | null;
}

/** Watches Services and their pods, until the cluster's time stops. */
export function startEndpointSliceController(parts: ClusterParts): void {
  const { objects } = parts;
  const triggers = createTriggerTimes();

  watchServices(
    parts,
    (service, pods) => {
      const trigger = triggers.next(service, pods);
      const existing = slicesOf(service);
      const wanted = wantedSlices(service, pods, existing);
      for (const [i, content] of wanted.entries()) write(service, existing[i], content, trigger);
      for (const { metadata } of existing.slice(wanted.length)) {
        objects.delete("endpointslices", metadata.namespace ?? "", metadata.name);
      }
    },
    (key) => triggers.forget(key),
  );

  function slicesOf(service: Service): readonly EndpointSlice[] {
    const owned = objects.ownedBy("endpointslices", service.metadata.uid);
    return [...owned].sort((a, b) =>
      a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp),
    );
  }

  function write(
    service: Service,
    slice: EndpointSlice | undefined,
    { endpoints, ports }: Wanted,
    trigger: string | undefined,
  ): void {
    const { name, namespace = "" } = service.metadata;
    const annotations = trigger === undefined ? {} : { [TRIGGER_TIME]: trigger };
    if (slice === undefined) {
      objects.create("endpointslices", namespace, {
        metadata: {
          generateName: `${name}-`,
          namespace,
          labels: { ...MANAGED_BY, [SERVICE_NAME]: name },
          annotations,
          ownerReferences: [controllerReference(service)],
        },
        addressType: "IPv4",
        endpoints,
        ports,
      });
      return;
    }
    if (isSameJson(slice.endpoints, endpoints) && isSameJson(slice.ports, ports)) return;
    objects.update("endpointslices", {
      ...slice,
      metadata: { ...slice.metadata, annotations },
      endpoints,
      ports,
    });
  }
}

/** Pods grouped by their ports; endpoints that are there keep their place. Nothing at all is one empty slice. */
function wantedSlices(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
): readonly Wanted[] {
  const order = existing.flatMap(({ endpoints }) => endpoints ?? []).map(({ targetRef }) => targetRef.uid);
  const place = new Map(order.map((uid, i) => [uid, i]));
  const groups = new Map<string, { ports: EndpointPort[]; endpoints: SliceEndpoint[] }>();
  for (const pod of pods.filter(hasAddress)) {
    const ports = portsOn(service, pod);
    const key = JSON.stringify(ports);
    let group = groups.get(key);
    if (group === undefined) {
      group = { ports, endpoints: [] };
      groups.set(key, group);
    }
    group.endpoints.push(endpointOf(service, pod));
  }
  const placeOf = ({ targetRef }: SliceEndpoint) => place.get(targetRef.uid) ?? order.length;
  const wanted = [...groups.values()].flatMap(({ ports, endpoints }) => {
    endpoints.sort((a, b) => placeOf(a) - placeOf(b));
    const chunks: Wanted[] = [];
    for (let i = 0; i < endpoints.length; i += MAX_ENDPOINTS) {
      chunks.push({ ports, endpoints: endpoints.slice(i, i + MAX_ENDPOINTS) });
    }
    return chunks;
  });
  return wanted.length > 0 ? wanted : [{ ports: null, endpoints: null }];
}

function endpointOf(service: Service, pod: Pod): SliceEndpoint {
  const isServing = isReady(pod);
  const isTerminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (isServing && !isTerminating);
  return {
    addresses: [pod.status.podIP ?? ""],
    conditions: { ready, serving: isServing, terminating: isTerminating },
    targetRef: targetReference(pod),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
  };
}
