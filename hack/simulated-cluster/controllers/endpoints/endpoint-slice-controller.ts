// The EndpointSlice controller: the addresses of a Service's pods, ready, serving or terminating.
import type { EndpointPort, EndpointSlice, Pod, Service, SliceEndpoint } from "../../api-server/kinds.ts";
import { controllerReference, isSameJson, type Texts } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import {
  createTriggerTimes,
  HEADLESS,
  hasAddress,
  isHeadless,
  isReady,
  portsOn,
  TRIGGER_TIME,
  targetReference,
} from "./endpoint-addresses.ts";
import type { ServicePods } from "./service-pods.ts";
import { watchServices } from "./service-queue.ts";
import { type PortGroup, packSlices, type SliceContent } from "./slice-packing.ts";

const SERVICE_NAME = "kubernetes.io/service-name";
const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

/** Watches Services and their pods, until the cluster's time stops. */
export function startEndpointSliceController(parts: ClusterParts, servicePods: ServicePods): void {
  const { objects } = parts;
  const triggers = createTriggerTimes();

  watchServices(
    parts,
    servicePods,
    "endpointslice-controller",
    (service, pods) => {
      const trigger = triggers.next(service, pods);
      const plan = packSlices(slicesOf(service), groupsOf(service, pods));
      for (const [slice, content] of plan.kept) update(service, slice, content, trigger);
      for (const content of plan.created) create(service, content, trigger);
      for (const { metadata } of plan.deleted) {
        objects.delete("endpointslices", metadata.namespace ?? "", metadata.name);
      }
    },
    (key) => triggers.forget(key),
  );

  /** The controller's own slices of the Service, oldest first. */
  function slicesOf(service: Service): readonly EndpointSlice[] {
    const owned = objects
      .ownedBy("endpointslices", service.metadata.uid)
      .filter(({ metadata }) => metadata.labels?.[SERVICE_NAME] === service.metadata.name);
    return [...owned].sort((a, b) =>
      a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp),
    );
  }

  function create(service: Service, content: SliceContent, trigger: string | undefined): void {
    const { name, namespace = "" } = service.metadata;
    objects.create("endpointslices", namespace, {
      metadata: {
        generateName: `${name}-`,
        namespace,
        labels: labelsFor(service),
        ...(trigger !== undefined && { annotations: { [TRIGGER_TIME]: trigger } }),
        ownerReferences: [controllerReference(service)],
      },
      addressType: "IPv4",
      ...content,
    });
  }

  function update(
    service: Service,
    slice: EndpointSlice,
    { endpoints, ports }: SliceContent,
    trigger: string | undefined,
  ): void {
    const labels = labelsFor(service);
    const isSame =
      isSameJson(slice.endpoints, endpoints) &&
      isSameJson(slice.ports, ports) &&
      isSameJson(slice.metadata.labels, labels);
    if (isSame) return;
    const { [TRIGGER_TIME]: _shown, ...others } = slice.metadata.annotations ?? {};
    const annotations = trigger === undefined ? others : { ...others, [TRIGGER_TIME]: trigger };
    objects.update("endpointslices", {
      ...slice,
      metadata: { ...slice.metadata, labels, annotations },
      endpoints,
      ports,
    });
  }
}

/** The Service's own labels, and those by which a slice is found. */
function labelsFor(service: Service): Texts {
  const { name, labels = {} } = service.metadata;
  const { [HEADLESS]: _headless, ...own } = labels;
  return {
    ...own,
    ...(isHeadless(service) && { [HEADLESS]: "" }),
    [MANAGED_BY]: "endpointslice-controller.k8s.io",
    [SERVICE_NAME]: name,
  };
}

function groupsOf(service: Service, pods: readonly Pod[]): readonly PortGroup[] {
  const groups = new Map<string, { ports: EndpointPort[]; endpoints: SliceEndpoint[] }>();
  for (const pod of pods.filter(hasAddress)) {
    // In a slice a port without a name has an empty one.
    const ports = portsOn(service, pod).map(({ name = "", ...port }) => ({ name, ...port }));
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointOf(service, pod));
  }
  return [...groups.values()];
}

function endpointOf(service: Service, pod: Pod): SliceEndpoint {
  const isServing = isReady(pod);
  const isTerminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec.publishNotReadyAddresses === true || (isServing && !isTerminating);
  const { hostname, subdomain, nodeName } = pod.spec;
  return {
    addresses: [pod.status.podIP ?? ""],
    conditions: { ready, serving: isServing, terminating: isTerminating },
    targetRef: targetReference(pod),
    ...(typeof hostname === "string" && subdomain === service.metadata.name && { hostname }),
    ...(nodeName && { nodeName }),
  };
}
