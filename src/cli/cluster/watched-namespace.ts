// The caches of one namespace or of all, filled and kept up to date by watches, for a command that waits.
import { Caches } from "../../kube/caches/caches.ts";
import type { Clock } from "../../kube/clock.ts";
import type { ApiClient } from "../../kube/connection/api-client.ts";
import { ApiError } from "../../kube/connection/api-error.ts";
import { servesEndpointSlices } from "../../kube/connection/discovery.ts";
import { Reflector } from "../../kube/reflector/reflector.ts";
import type { ResourceName } from "../../kube/resources.ts";
import { REVISION_RESOURCES, WORKLOAD_RESOURCES } from "../../kube/workloads/ports-by-kind.ts";

export interface WatchedNamespace {
  readonly caches: Caches;
  /** Plurals of what is not there or may not be read, and can be done without. */
  readonly leftOut: readonly ResourceName[];
  /** Whether the caches show the present. */
  readonly isCurrent: () => boolean;
  readonly stop: () => Promise<void>;
}

export interface WatchOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  /** Undefined: all of them. */
  readonly namespace: string | undefined;
  /** What the command can do without, beside Events: they are never more than evidence. */
  readonly spare: readonly ResourceName[];
}

/** Where connections are few the first get a watch, and the others are read now and then. */
function resourcesWith(endpoints: "endpointslices" | "endpoints"): readonly ResourceName[] {
  return [
    ...WORKLOAD_RESOURCES,
    "pods",
    endpoints,
    ...REVISION_RESOURCES,
    "incidents",
    "services",
    "rolloutguards",
    "events",
  ];
}

/** Resolves when everything has been read; rejects with what the API server says about what may not be read. */
export async function watchNamespace({
  client,
  clock,
  namespace,
  spare,
}: WatchOptions): Promise<WatchedNamespace> {
  const caches = new Caches();
  const leftOut: ResourceName[] = [];
  const failed = Promise.withResolvers<never>();
  const endpoints = (await servesEndpointSlices(client)) ? "endpointslices" : "endpoints";
  const sources = resourcesWith(endpoints).map((resource) => {
    const isSpare = resource === "events" || spare.includes(resource);
    const given = Promise.withResolvers<void>();
    const reflector = new Reflector({
      client,
      clock,
      resource,
      namespace,
      sink: caches.sinkFor(resource, namespace),
      onProblem: (_message, error) => {
        // Everything else passes, and is tried again.
        if (!isRefused(error)) return;
        if (!isSpare) return failed.reject(error);
        if (!leftOut.includes(resource)) leftOut.push(resource);
        given.resolve();
      },
    });
    return { resource, reflector, ready: () => Promise.race([reflector.whenSynced(), given.promise]) };
  });
  const stop = async () => {
    await Promise.all(sources.map(({ reflector }) => reflector.stop()));
  };
  for (const { reflector } of sources) reflector.start();
  try {
    await Promise.race([failed.promise, Promise.all(sources.map(({ ready }) => ready()))]);
  } catch (error) {
    await stop();
    throw error;
  }
  // What is refused later was granted before: what is known gets old, and no verdict is given on it.
  failed.promise.catch(() => {});
  return {
    caches,
    leftOut,
    isCurrent: () =>
      sources.every(
        ({ resource, reflector }) =>
          resource === "events" || leftOut.includes(resource) || reflector.isCurrent,
      ),
    stop,
  };
}

/** By RBAC, for want of the resource, or for want of credentials. */
function isRefused(error: unknown): boolean {
  return error instanceof ApiError && [401, 403, 404].includes(error.status);
}
