// Services with the ready endpoints of all their slices.
import type { ServiceView } from "../../domain/snapshot/service.ts";
import { type EndpointGroup, readyEndpoints } from "../projections/endpoint-slice.ts";
import type { ServiceProjection } from "../projections/service.ts";
import type { ObjectStore } from "./object-store.ts";

interface Sources {
  readonly services: ObjectStore<ServiceProjection, "selector">;
  readonly slices: ObjectStore<EndpointGroup, "service">;
  /** Counted only for Services without any slice: where both exist they say the same thing twice. */
  readonly endpoints: ObjectStore<EndpointGroup, "service">;
}

/** A Service, and the names of the pods (or addresses) that it sends traffic to, whosever they are. */
export interface ServedService {
  readonly service: Pick<ServiceView, "name" | "selector" | "isExternalName" | "ports">;
  readonly ready: readonly string[];
  /** Of the named target ports that not all of those have: those that have it. */
  readonly partial: readonly PartlyServed[];
}

interface PartlyServed {
  readonly targetPort: string;
  readonly ready: readonly string[];
}

/** One view a Service, made again only when the Service or one of its slices changes. */
export class ServiceViews {
  readonly #sources: Sources;
  readonly #views = new Map<string, { readonly uid: string; readonly view: ServedService }>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  get(namespace: string, name: string): ServedService | undefined {
    return this.#views.get(`${namespace}/${name}`)?.view;
  }

  /** Counts again after the Service or one of its slices changed. Whether the view is another one now. */
  refresh(namespace: string, name: string): boolean {
    const key = `${namespace}/${name}`;
    const service = this.#sources.services.get(namespace, name);
    if (service === undefined) return this.#views.delete(key);
    const { slices, endpoints } = this.#sources;
    const groups = [...slices.by("service", key)];
    const counted = groups.length > 0 ? groups : [...endpoints.by("service", key)];
    const ready = readyEndpoints(counted, service);
    const partial = service.namedPorts
      .map(({ name: port, targetPort }) => ({ targetPort, ready: readyEndpoints(counted, service, port) }))
      .filter((one) => one.ready.length < ready.length);
    const known = this.#views.get(key);
    const before = known?.uid === service.uid ? known.view : undefined;
    const { selector, isExternalName, ports } = service;
    if (
      before !== undefined &&
      isSameSet(before.ready, ready) &&
      isSamePartial(before.partial, partial) &&
      before.service.selector === selector &&
      before.service.isExternalName === isExternalName &&
      before.service.ports === ports
    ) {
      return false;
    }
    const view = Object.freeze({
      service: Object.freeze({ name, selector, isExternalName, ports }),
      ready: Object.freeze(ready),
      partial: Object.freeze(partial),
    });
    this.#views.set(key, { uid: service.uid, view });
    return true;
  }
}

function isSamePartial(a: readonly PartlyServed[], b: readonly PartlyServed[]): boolean {
  return (
    a.length === b.length &&
    a.every((one, index) => {
      const other = b[index];
      return other?.targetPort === one.targetPort && isSameSet(one.ready, other.ready);
    })
  );
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const names = new Set(a);
  return a.length === b.length && b.every((name) => names.has(name));
}
