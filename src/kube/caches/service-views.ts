// Services with the endpoints of all their slices, and since when they have none.
import type { ServiceView } from "../../domain/snapshot/service.ts";
import { countEndpoints, type EndpointGroup } from "../projections/endpoint-slice.ts";
import type { ServiceProjection } from "../projections/service.ts";
import type { ObjectStore } from "./object-store.ts";

interface Sources {
  readonly services: ObjectStore<ServiceProjection, "selector">;
  readonly slices: ObjectStore<EndpointGroup, "service">;
  /** Counted only for Services without any slice: where both exist they say the same thing twice. */
  readonly endpoints: ObjectStore<EndpointGroup, "service">;
}

/** One view a Service, counted anew only when the Service or one of its slices changes. */
export class ServiceViews {
  readonly #sources: Sources;
  readonly #views = new Map<string, { readonly uid: string; readonly view: ServiceView }>();

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  get(namespace: string, name: string): ServiceView | undefined {
    return this.#views.get(`${namespace}/${name}`)?.view;
  }

  /** Counts anew after the Service or one of its slices changed at `at`. Whether the view is another one now. */
  refresh(namespace: string, name: string, at: number): boolean {
    const key = `${namespace}/${name}`;
    const service = this.#sources.services.get(namespace, name);
    if (service === undefined) return this.#views.delete(key);
    const { slices, endpoints } = this.#sources;
    const groups = [...slices.by("service", key)];
    const readyEndpoints = countEndpoints(groups.length > 0 ? groups : endpoints.by("service", key), service);
    const known = this.#views.get(key);
    const before = known?.uid === service.uid ? known.view : undefined;
    const emptySinceAt = readyEndpoints > 0 ? undefined : (before?.emptySinceAt ?? at);
    const hasJustLost = readyEndpoints === 0 && before !== undefined && before.readyEndpoints > 0;
    const sawLoss = readyEndpoints === 0 && (hasJustLost || before?.sawLoss === true);
    if (
      before !== undefined &&
      before.readyEndpoints === readyEndpoints &&
      before.emptySinceAt === emptySinceAt &&
      before.selector === service.selector &&
      before.isExternalName === service.isExternalName &&
      before.ports === service.ports
    ) {
      return false;
    }
    const { selector, isExternalName, ports } = service;
    const view = Object.freeze({
      name,
      selector,
      isExternalName,
      ports,
      readyEndpoints,
      emptySinceAt,
      sawLoss,
    });
    this.#views.set(key, { uid: service.uid, view });
    return true;
  }
}
