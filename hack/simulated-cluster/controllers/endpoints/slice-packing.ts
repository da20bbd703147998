// Which endpoints go into which slice: as few slices as possible change, and none has more than a hundred. Pure.
import type { EndpointPort, EndpointSlice, SliceEndpoint } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";

const MAX_ENDPOINTS = 100;

/** The content that a slice should have; a Service without any endpoint has one slice of nothing. */
export interface SliceContent {
  readonly ports: readonly EndpointPort[] | null;
  readonly endpoints: readonly SliceEndpoint[] | null;
}

export interface SlicePlan {
  /** Those that stay, with what they should hold; some are as they should be. */
  readonly kept: readonly (readonly [EndpointSlice, SliceContent])[];
  readonly created: readonly SliceContent[];
  readonly deleted: readonly EndpointSlice[];
}

/** Endpoints that are reached on the same ports. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly SliceEndpoint[];
}

const NOTHING: SliceContent = { ports: null, endpoints: null };

export function packSlices(existing: readonly EndpointSlice[], groups: readonly PortGroup[]): SlicePlan {
  const kept: [EndpointSlice, SliceContent][] = [];
  const created: SliceContent[] = [];
  const left = new Set(existing);
  for (const group of groups) {
    const own = existing.filter((slice) => isSameJson(slice.ports, group.ports));
    const packed = packGroup(own, group);
    for (const [slice, endpoints] of packed.kept) {
      kept.push([slice, { ports: group.ports, endpoints }]);
      left.delete(slice);
    }
    created.push(...packed.created.map((endpoints) => ({ ports: group.ports, endpoints })));
  }
  if (kept.length + created.length === 0) created.push(NOTHING);
  // What would be deleted while another is created is used again.
  const spare = [...left];
  for (const content of created.splice(0, Math.min(created.length, spare.length))) {
    const slice = spare.shift();
    if (slice !== undefined) kept.push([slice, content]);
  }
  return { kept, created, deleted: spare };
}

interface PackedGroup {
  readonly kept: readonly (readonly [EndpointSlice, readonly SliceEndpoint[]])[];
  readonly created: readonly (readonly SliceEndpoint[])[];
}

function packGroup(slices: readonly EndpointSlice[], { endpoints }: PortGroup): PackedGroup {
  const wanted = new Map(endpoints.map((endpoint) => [endpoint.targetRef.uid, endpoint]));
  const kept = slices.map((slice) => {
    const stay = (slice.endpoints ?? []).flatMap(({ targetRef }) => take(wanted, targetRef.uid));
    return { slice, stay, isChanged: !isSameJson(stay, slice.endpoints) };
  });
  const filled = kept.filter(({ stay }) => stay.length > 0);
  const fresh = [...wanted.values()];
  // Slices that change anyway take new endpoints first, the fullest before the others.
  const changed = filled.filter(({ isChanged }) => isChanged).sort((a, b) => b.stay.length - a.stay.length);
  for (const { stay } of changed) stay.push(...fresh.splice(0, MAX_ENDPOINTS - stay.length));
  const created: SliceEndpoint[][] = [];
  while (fresh.length > 0) {
    // The fullest of the others that has room for all that is left; otherwise a new slice.
    const roomy = filled
      .filter(({ isChanged, stay }) => !isChanged && stay.length + fresh.length <= MAX_ENDPOINTS)
      .sort((a, b) => b.stay.length - a.stay.length)[0];
    if (roomy === undefined) created.push(fresh.splice(0, MAX_ENDPOINTS));
    else roomy.stay.push(...fresh.splice(0));
  }
  return { kept: filled.map(({ slice, stay }) => [slice, stay] as const), created };
}

function take<Value>(map: Map<string, Value>, key: string): Value[] {
  const value = map.get(key);
  if (value === undefined) return [];
  map.delete(key);
  return [value];
}
