// Caches filled by one LIST of each resource, for commands that ask and end: no watch follows.
import { Caches } from "./caches/caches.ts";
import type { Clock } from "./clock.ts";
import { ApiError, isNotFound } from "./connection/api-error.ts";
import { type ListClient, listAll } from "./list-all.ts";
import { asInstant, asList, asObject, asText, metaOf, type RawObject } from "./objects.ts";
import type { ResourceName } from "./resources.ts";
import { REVISION_RESOURCES, WORKLOAD_RESOURCES } from "./workloads/ports-by-kind.ts";

export interface FilledCaches {
  /** As the operator's are when it has just started: filled, and with nothing remembered but what the objects tell. */
  readonly caches: Caches;
  /** When they were filled (epoch ms of the cluster's clock). */
  readonly at: number;
  /** Plurals of what the user is not allowed to read and is only evidence. */
  readonly leftOut: readonly ResourceName[];
  /** What of some object could not be read, in sentences. */
  readonly unreadable: readonly string[];
}

/** Without endpoints by slices there are the older ones; Events are never more than evidence. */
const READ_AT_ONCE = [
  "incidents" as const,
  ...WORKLOAD_RESOURCES,
  ...REVISION_RESOURCES,
  "pods" as const,
  "services" as const,
];

/**
 * Reads all that decisions about the guards are made from. Rejects with ApiError or ConnectionError when something of it
 * cannot be read.
 * @param namespace undefined: the whole cluster, of which only what is beside guards is kept
 */
export async function fillCaches(
  client: ListClient,
  clock: Pick<Clock, "now">,
  namespace: string | undefined,
): Promise<FilledCaches> {
  const leftOut: ResourceName[] = [];
  const unreadable: string[] = [];
  const list = (resource: ResourceName) => listAll(client, resource, namespace);
  const guards = await list("rolloutguards");
  const [slices, events, ...others] = await Promise.all([
    list("endpointslices").then(
      (objects) => ["endpointslices", objects] as const,
      async (error: unknown) => {
        if (!isNotFound(error)) throw error;
        return ["endpoints", await list("endpoints")] as const;
      },
    ),
    list("events").catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      leftOut.push("events");
      return [];
    }),
    ...READ_AT_ONCE.map(async (resource) => [resource, await list(resource)] as const),
  ]);
  const at = clock.now();
  const caches = new Caches({ onlyGuarded: true });
  caches.onUnreadable(({ object, problem }) => unreadable.push(`${object ?? "An object"}: ${problem}`));
  const emptyAt = lastWrites(slices[1]);
  const failedAt = firstFailures(events);
  const seenAt = (resource: ResourceName, object: RawObject): number => {
    const { namespace, name, uid } = metaOf(object);
    if (resource === "services") return Math.min(at, emptyAt.get(`${namespace}/${name}`) ?? at);
    if (resource === "pods") return Math.min(at, failedAt.get(`${namespace}/${uid}`) ?? at);
    return at;
  };
  // Guards first, for they say which namespaces count; endpoints before the Services that count theirs.
  for (const [resource, objects] of [
    ["rolloutguards", guards] as const,
    slices,
    ["events", events] as const,
    ...others,
  ]) {
    for (const object of objects) caches.apply(resource, "ADDED", object, seenAt(resource, object));
  }
  caches.markRead(caches.guardedNamespaces());
  return { caches, at, leftOut, unreadable };
}

/**
 * When the endpoints of each Service were last written, by "namespace/service". A Service that has none now has had none
 * at least since then: what the operator has watched, a LIST only shows by that.
 */
function lastWrites(slices: readonly RawObject[]): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  for (const slice of slices) {
    const { namespace, name, labels } = metaOf(slice);
    const key = `${namespace}/${labels["kubernetes.io/service-name"] ?? name}`;
    const times = asList(asObject(slice.metadata).managedFields).flatMap(
      (entry) => asInstant(asObject(entry).time) ?? [],
    );
    if (times.length > 0) writes.set(key, Math.max(writes.get(key) ?? 0, ...times));
  }
  return writes;
}

/** When a pod's containers first failed to be started, by "namespace/uid of the pod", as far as Events tell. */
function firstFailures(events: readonly RawObject[]): ReadonlyMap<string, number> {
  const failures = new Map<string, number>();
  for (const event of events) {
    if (asText(event.reason) !== "Failed") continue;
    const key = `${metaOf(event).namespace}/${asText(asObject(event.involvedObject).uid)}`;
    const at = asInstant(event.firstTimestamp) ?? asInstant(event.eventTime);
    if (at !== undefined) failures.set(key, Math.min(failures.get(key) ?? at, at));
  }
  return failures;
}
