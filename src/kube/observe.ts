// From the caches to the Snapshot of one guard: all that a decision is made from, at one instant, frozen.
import type { NetworkPolicyView, NetworkView } from "../domain/snapshot/network.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Caches } from "./caches/caches.ts";
import type { GuardKey } from "./guard-key.ts";
import { maskedEvents } from "./masked-events.ts";
import type { RawObject } from "./objects.ts";
import { projectDeployment } from "./projections/deployment.ts";
import { projectReplicaSet } from "./projections/replica-set.ts";

export interface ObserveOptions {
  /** The whole operator only observes. */
  readonly observeOnly: boolean;
}

/**
 * What the caches know about the guard. Undefined when there is no such guard, or when its namespace has not been read
 * yet. Its cost does not grow with the cluster.
 */
export function observe(caches: Caches, key: GuardKey, options: ObserveOptions): Snapshot | undefined {
  const { contents } = caches;
  const guard = contents.guard(key);
  if (guard === undefined || !caches.isRead(guard.view.namespace)) return undefined;
  const { namespace } = guard.view;
  const deployment = contents.deployments.get(namespace, guard.target);
  const revisions = deployment ? contents.revisionsOf(namespace, deployment.uid) : [];
  const pods = revisions.flatMap(({ uid }) => contents.podsOf(namespace, uid));
  const reportLagMs = contents.reportLagMsOf(pods);
  const involved = [...(deployment ? [deployment] : []), ...revisions, ...pods];
  const events = involved.flatMap(({ uid }) => contents.eventsAbout(namespace, uid));
  return Object.freeze({
    guard: Object.freeze({ ...guard.view, olderGuard: contents.olderGuard(guard) }),
    deployment,
    revisions: Object.freeze(revisions),
    pods: Object.freeze(pods),
    services: Object.freeze(contents.servicesOf(key)),
    events: Object.freeze(
      deployment && events.length > 0
        ? maskedEvents(events, contents.printsOf(namespace, deployment.uid))
        : events,
    ),
    incidents: Object.freeze(contents.incidentsOf(namespace, guard.target)),
    otherIncidents: Object.freeze(contents.otherIncidentsOf(namespace, guard.target, revisions)),
    surroundings: Object.freeze({
      observeOnly: options.observeOnly,
      ...contents.settled.besides(`${namespace}/${guard.target}`),
      ...(reportLagMs > 0 && { reportLagMs }),
    }),
  });
}

/** Who may call whom in the namespace, for the cause of a failure. */
export function networkOf(
  caches: Caches,
  { guard, deployment, services }: Snapshot,
  policies: readonly NetworkPolicyView[],
): NetworkView {
  const names = services.map(({ name }) => name);
  const neighbours = caches.contents.neighboursOf(guard.namespace, deployment?.uid ?? "", names);
  return { policies, neighbours };
}

/** The Deployment and its ReplicaSets as just read, past the caches. */
export interface LiveObjects {
  readonly deployment: RawObject;
  readonly replicaSets: readonly RawObject[];
}

/** The snapshot with the Deployment and its revisions as they are now: the second look before a rollback. */
export function withLive(
  snapshot: Snapshot,
  live: LiveObjects,
  more: Pick<Snapshot, "network" | "lastWords"> = {},
): Snapshot {
  const deployment = projectDeployment(live.deployment);
  const revisions = live.replicaSets.flatMap((replicaSet) => {
    const revision = projectReplicaSet(replicaSet);
    return revision?.owner.uid === deployment.uid ? [revision.view] : [];
  });
  const uids = new Set(revisions.map(({ uid }) => uid));
  return Object.freeze({
    ...snapshot,
    deployment,
    revisions: Object.freeze(revisions),
    pods: Object.freeze(snapshot.pods.filter(({ revisionUid }) => uids.has(revisionUid))),
    ...more,
  });
}
