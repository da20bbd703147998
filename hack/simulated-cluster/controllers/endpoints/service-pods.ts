// Which pods each Service selects, kept up to date: neither a change of a pod nor a pass goes through all the others.
import type { Pod, Service } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import { containsLabels } from "../../api-server/label-selector.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { keyFor } from "../key-queue.ts";

export interface ServicePods {
  /** The pods that the Service selects, those last that changed last. */
  podsOf(key: string): readonly Pod[];
  /** Calls the listener with the key of each Service for which something changed that its endpoints show. */
  onChange(listener: (key: string) => void): void;
}

/** Follows Services and pods from now on. Services that are there already are taken to be as they should be. */
export function createServicePods(objects: ApiObjects): ServicePods {
  const selected = new Map<string, Map<string, Pod>>();
  /** The Services by namespace and one of the labels that they ask for. */
  const byLabel = new Map<string, Map<string, Service>>();
  const listeners: ((key: string) => void)[] = [];
  const tell = (key: string): void => {
    for (const listener of listeners) listener(key);
  };

  function see(service: Service, previous: Service | undefined, isGone: boolean): void {
    const key = keyFor(service.metadata.namespace, service.metadata.name);
    if (previous !== undefined) unlink(previous, key);
    if (isGone) {
      selected.delete(key);
      return;
    }
    link(service, key);
    if (previous === undefined || !isSameJson(previous.spec.selector, service.spec.selector)) {
      selected.set(key, selectPods(service));
    }
  }

  function link(service: Service, key: string): void {
    const label = indexLabel(service);
    if (label === undefined) return;
    const services = byLabel.get(label);
    if (services === undefined) byLabel.set(label, new Map([[key, service]]));
    else services.set(key, service);
  }

  function unlink(service: Service, key: string): void {
    const label = indexLabel(service) ?? "";
    const services = byLabel.get(label);
    services?.delete(key);
    if (services?.size === 0) byLabel.delete(label);
  }

  function selectPods(service: Service): Map<string, Pod> {
    const pods = new Map<string, Pod>();
    if (!hasSelector(service)) return pods;
    for (const pod of objects.values("pods", service.metadata.namespace)) {
      if (selects(service, pod)) pods.set(pod.metadata.name, pod);
    }
    return pods;
  }

  function servicesFor({ metadata }: Pod): Map<string, Service> {
    const found = new Map<string, Service>();
    for (const [name, value] of Object.entries(metadata.labels ?? {})) {
      const services = byLabel.get(labelKey(metadata.namespace, name, value));
      for (const [key, service] of services ?? []) found.set(key, service);
    }
    return found;
  }

  for (const service of objects.values("services")) see(service, undefined, false);
  objects.subscribe("services", ({ type, object, previous }) => {
    see(object as Service, previous as Service | undefined, type === "DELETED");
    tell(keyFor(object.metadata.namespace, object.metadata.name));
  });
  objects.subscribe("pods", ({ type, object, previous }) => {
    const pod = object as Pod;
    const before = previous as Pod | undefined;
    const isNews = type !== "MODIFIED" || before === undefined || isVisibleChange(pod, before);
    const services = servicesFor(pod);
    if (before !== undefined && !isSameJson(before.metadata.labels, pod.metadata.labels)) {
      for (const [key, service] of servicesFor(before)) services.set(key, service);
    }
    for (const [key, service] of services) {
      const pods = selected.get(key);
      const wasIn = pods?.delete(pod.metadata.name) === true;
      const isIn = type !== "DELETED" && selects(service, pod);
      if (isIn) pods?.set(pod.metadata.name, pod);
      if (isNews && (wasIn || isIn)) tell(key);
    }
  });

  return {
    podsOf: (key) => [...(selected.get(key)?.values() ?? [])],
    onChange: (listener) => listeners.push(listener),
  };
}

/** Whether its endpoints are made from pods; others are left alone. */
export function hasSelector({ spec }: Service): boolean {
  return Object.keys(spec.selector ?? {}).length > 0 && spec.type !== "ExternalName";
}

function selects({ spec }: Service, { metadata }: Pod): boolean {
  return spec.selector !== undefined && containsLabels(spec.selector, metadata.labels);
}

function indexLabel(service: Service): string | undefined {
  const [label] = hasSelector(service) ? Object.entries(service.spec.selector ?? {}) : [];
  return label && labelKey(service.metadata.namespace, ...label);
}

function labelKey(namespace: string | undefined, name: string, value: string): string {
  return `${namespace} ${name}=${value}`;
}

/** Most changes of a pod's status mean nothing to endpoints. */
function isVisibleChange(pod: Pod, previous: Pod): boolean {
  return view(pod) !== view(previous) || !isSameJson(pod.metadata.labels, previous.metadata.labels);
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
