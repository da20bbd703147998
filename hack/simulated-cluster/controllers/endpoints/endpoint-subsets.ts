// The subsets of an Endpoints object: addresses that are ready and not, grouped by their ports. Pure.
import type { EndpointAddress, EndpointSubset, Pod, Service } from "../../api-server/kinds.ts";
import { hasAddress, isReady, portsOn, targetReference } from "./endpoint-addresses.ts";

/** An Endpoints object lists no more than so many addresses. */
export const MAX_ADDRESSES = 1_000;

interface Group {
  readonly ready: EndpointAddress[];
  readonly notReady: EndpointAddress[];
  readonly ports: NonNullable<EndpointSubset["ports"]>;
}

/** Terminating pods are left out, unless the Service publishes what is not ready, too. */
export function subsetsOf(service: Service, pods: readonly Pod[]): EndpointSubset[] {
  const publishesAll = service.spec.publishNotReadyAddresses === true;
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    if (!hasAddress(pod) || (pod.metadata.deletionTimestamp !== undefined && !publishesAll)) continue;
    const ports = portsOn(service, pod);
    // A port that the pod does not have leaves nothing to list here; only slices show such a pod.
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ready: [], notReady: [], ports };
    groups.set(key, group);
    (publishesAll || isReady(pod) ? group.ready : group.notReady).push(addressOf(pod));
  }
  return [...groups.values()].map(({ ready, notReady, ports }) => ({
    ...(ready.length > 0 && { addresses: byAddress(ready) }),
    ...(notReady.length > 0 && { notReadyAddresses: byAddress(notReady) }),
    ...(ports.length > 0 && { ports }),
  }));
}

/** The subsets without the addresses that are too many: those that are not ready go first. */
export function truncated(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] {
  let left = MAX_ADDRESSES;
  const take = <Address>(addresses: readonly Address[] = []): readonly Address[] => {
    const taken = addresses.slice(0, left);
    left -= taken.length;
    return taken;
  };
  const ready = subsets.map(({ addresses }) => take(addresses));
  const notReady = subsets.map(({ notReadyAddresses }) => take(notReadyAddresses));
  return subsets.flatMap(({ ports }, i) => {
    const [addresses = [], notReadyAddresses = []] = [ready[i], notReady[i]];
    if (addresses.length + notReadyAddresses.length === 0) return [];
    return {
      ...(addresses.length > 0 && { addresses }),
      ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
      ...(ports && { ports }),
    };
  });
}

/** How many addresses there are, ready or not. */
export function addressCount(subsets: readonly EndpointSubset[]): number {
  return subsets.reduce(
    (sum, { addresses = [], notReadyAddresses = [] }) => sum + addresses.length + notReadyAddresses.length,
    0,
  );
}

function addressOf(pod: Pod): EndpointAddress {
  const { nodeName } = pod.spec;
  return { ip: pod.status.podIP ?? "", ...(nodeName && { nodeName }), targetRef: targetReference(pod) };
}

/** In the order of their numbers. */
function byAddress(addresses: readonly EndpointAddress[]): EndpointAddress[] {
  const numbered = addresses.map((address) => ({ address, number: numberOf(address.ip) }));
  return numbered.sort((a, b) => a.number - b.number).map(({ address }) => address);
}

function numberOf(ip: string): number {
  return ip.split(".").reduce((number, part) => number * 256 + Number(part), 0);
}
