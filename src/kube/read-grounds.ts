// What a decision rests on, read past the watches and into the caches: a watch can be dead for minutes before anybody notices.
import type { Ground } from "../domain/snapshot/ground.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Caches } from "./caches/caches.ts";
import type { Clock } from "./clock.ts";
import { type ListClient, tryingAgain } from "./list-all.ts";
import { listInto } from "./reflector/feed.ts";
import type { ResourceName } from "./resources.ts";
import { portOf } from "./workloads/ports-by-kind.ts";

const SERVICE_LABEL = "kubernetes.io/service-name";

export interface GroundsOptions {
  readonly client: ListClient;
  readonly clock: Pick<Clock, "now">;
  readonly caches: Caches;
  /** Where the cluster serves endpoints. */
  readonly endpoints: "endpointslices" | "endpoints";
}

/** A list of a namespace, or of a part of it. */
interface Part {
  readonly resource: ResourceName;
  readonly labelSelector?: string | undefined;
  readonly isPart?: ((name: string) => boolean) | undefined;
}

/**
 * Reads what the grounds are made of: the pods of the workload's revisions in one request, the Services of its namespace
 * and the endpoints of those that the guard is bound to in two. Rejects when one of them cannot be read.
 */
export async function readGrounds(
  options: GroundsOptions,
  snapshot: Snapshot,
  restsOn: readonly Ground[],
): Promise<void> {
  const { client, clock, caches } = options;
  const { namespace } = snapshot.guard;
  const { signal } = new AbortController();
  const parts = restsOn.flatMap((ground) =>
    ground === "pods" ? podsOf(caches, snapshot) : endpointsOf(options, snapshot),
  );
  await Promise.all(
    parts.map(({ resource, labelSelector, isPart }) => {
      const sink = caches.sinkFor(resource, namespace, isPart);
      return listInto(
        { client: tryingAgain(client), clock, resource, namespace, labelSelector, sink },
        signal,
      );
    }),
  );
}

function podsOf({ contents }: Caches, { guard, workload, revisions, pods }: Snapshot): readonly Part[] {
  if (!workload) return [];
  const wanted = revisions.filter(
    ({ id, desiredReplicas, replicas }) =>
      desiredReplicas > 0 || replicas > 0 || pods.some(({ revisionId }) => revisionId === id),
  );
  if (wanted.length === 0) return [];
  const ids = new Set(wanted.map(({ id }) => id));
  return [
    {
      resource: "pods",
      labelSelector: portOf(workload).podSelector(wanted),
      isPart: (name) => ids.has(contents.pods.get(guard.namespace, name)?.revisionId ?? ""),
    },
  ];
}

function endpointsOf({ caches, endpoints }: GroundsOptions, { guard, services }: Snapshot): readonly Part[] {
  const { namespace } = guard;
  const names = services.map(({ name }) => name);
  const all: Part = { resource: "services" };
  if (names.length === 0) return [all];
  // Endpoints are named after their Services, and have no label to select them by.
  if (endpoints === "endpoints") return [all, { resource: endpoints }];
  const isPart = (slice: string) =>
    names.includes(caches.contents.slices.get(namespace, slice)?.service ?? "");
  return [all, { resource: endpoints, labelSelector: `${SERVICE_LABEL} in (${names.join(",")})`, isPart }];
}
