// EndpointSlices, and Endpoints where a cluster has no discovery.k8s.io/v1: raw JSON → which endpoints could get traffic.

import { asList, asName, asObject, isObject, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { sharedPart } from "./shared-part.ts";
import { sharedText } from "./shared-text.ts";

const SERVICE_NAME = "kubernetes.io/service-name";
/** What Kubernetes itself puts into one slice or one Endpoints object at most. */
const MOST_ENDPOINTS = 1_000;
const MOST_SUBSETS = 100;
const MOST_PORTS = 100;

/** One slice of the endpoints of a Service. Endpoints are named by their pod, so that IPv4 and IPv6 of one count once. */
export interface EndpointGroup {
  readonly service: string;
  readonly parts: readonly EndpointPart[];
}

interface EndpointPart {
  /** Names of the Service's ports that these endpoints have; "" for the one without a name. */
  readonly ports: readonly string[];
  /** Ready and not terminating. */
  readonly ready: readonly string[];
  /** Serving and not terminating: what counts where a Service publishes not-ready addresses. */
  readonly serving: readonly string[];
}

/** The slice, or undefined when it belongs to no Service. */
export function projectEndpointSlice(object: RawObject): EndpointGroup | undefined {
  const meta = metaOf(object);
  const service = asName(meta.labels[SERVICE_NAME]);
  if (service === undefined) return undefined;
  const ready: string[] = [];
  const serving: string[] = [];
  for (const raw of asList(object.endpoints).slice(0, MOST_ENDPOINTS)) {
    const endpoint = asObject(raw);
    const conditions = asObject(endpoint.conditions);
    if (conditions.terminating === true) continue;
    const name = endpointName(endpoint, asList(endpoint.addresses)[0]);
    // Absent counts as true; an absent serving says what ready says (discovery.k8s.io/v1 EndpointConditions).
    const isReady = conditions.ready !== false;
    const isServing = typeof conditions.serving === "boolean" ? conditions.serving : isReady;
    if (isReady) ready.push(name);
    if (isServing) serving.push(name);
  }
  return deepFreeze({ service, parts: [partOf(object.ports, ready, serving)] });
}

/** The Endpoints object of a Service: the same with one part a subset. */
export function projectEndpoints(object: RawObject): EndpointGroup {
  const parts = asList(object.subsets)
    .slice(0, MOST_SUBSETS)
    .filter(isObject)
    .map((subset) => {
      const addresses = asList(subset.addresses).slice(0, MOST_ENDPOINTS);
      const ready = addresses.map((address) => endpointName(asObject(address), asObject(address).ip));
      return partOf(subset.ports, ready, ready);
    });
  return deepFreeze({ service: metaOf(object).name, parts });
}

/**
 * The endpoints of all groups that get traffic, by the names of their pods; by address where they have none.
 * @param port name of a port of the Service: only those that have it
 */
export function readyEndpoints(
  groups: Iterable<EndpointGroup>,
  service: { readonly hasPorts: boolean; readonly publishesNotReady: boolean },
  port?: string,
): readonly string[] {
  const names = new Set<string>();
  for (const { parts } of groups) {
    for (const part of parts) {
      // A Service port whose name no pod declares leaves endpoints without ports: they get no traffic.
      if (service.hasPorts && part.ports.length === 0) continue;
      if (port !== undefined && !part.ports.includes(port)) continue;
      for (const name of service.publishesNotReady ? part.serving : part.ready) names.add(name);
    }
  }
  return [...names];
}

function partOf(ports: unknown, ready: readonly string[], serving: readonly string[]): EndpointPart {
  const isSame = ready.length === serving.length && ready.every((name, index) => name === serving[index]);
  return { ports: portNames(ports), ready, serving: isSame ? ready : serving };
}

function portNames(ports: unknown): readonly string[] {
  return sharedPart("endpoint ports", ports, () =>
    asList(ports)
      .slice(0, MOST_PORTS)
      .map((port) => sharedText(asName(asObject(port).name) ?? "")),
  );
}

function endpointName(endpoint: RawObject, address: unknown): string {
  const target = asObject(endpoint.targetRef);
  return asName(target.name) ?? asName(target.uid) ?? asName(address) ?? "";
}
