// From the caches to the Snapshot of one guard: all that a decision is made from, at one instant, frozen.
import { isAnythingLeft } from "../domain/incidents/unguarded.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Refusal, RefusedPause } from "../domain/snapshot/surroundings.ts";
import type { UnreadResource } from "../domain/snapshot/unread.ts";
import type { Caches } from "./caches/caches.ts";
import { maskedEvents } from "./masking/masked-events.ts";
import type { GuardProjection } from "./projections/guard.ts";
import { parseReconcileKey, type ReconcileKey, type Target } from "./reconcile-key.ts";
import { portOf } from "./workloads/ports-by-kind.ts";
import type { LiveWorkload } from "./workloads/workload-port.ts";

export interface ObserveOptions {
  /** The whole operator only observes. */
  readonly observeOnly: boolean;
  /** Since when everything is current again after a time in which something was not read (epoch ms). */
  readonly currentSinceAt?: number | undefined;
  /** Until when no rollback of the workload with this uid is sent (epoch ms). */
  readonly stoppedUntil?: ((uid: string) => number | undefined) | undefined;
  /** What of the guard's namespace has not been current for a minute. */
  readonly unread?: readonly UnreadResource[] | undefined;
  /** The last rollback of the workload that the API server refused. */
  readonly refusal?: Refusal | undefined;
  /** The last pause or resume of the workload that the API server refused. */
  readonly refusedPause?: RefusedPause | undefined;
}

/**
 * What the caches know about the guard. Undefined when there is no such guard, or when its namespace has not been read
 * yet. Its cost does not grow with the cluster.
 */
export function observe(caches: Caches, key: ReconcileKey, options: ObserveOptions): Snapshot | undefined {
  const { contents } = caches;
  const guard = contents.guard(key);
  if (guard === undefined) return undefined;
  if (!caches.isRead(guard.view.namespace))
    return options.unread?.length ? unseen(guard, options) : undefined;
  const { namespace } = guard.view;
  const workload = contents.workloads.get(namespace, guard.target);
  const revisions = workload ? contents.workloads.revisionsOf(namespace, workload) : [];
  const pods = revisions.flatMap(({ id }) => contents.podsOf(namespace, id));
  const canary = workload && canaryOf(contents, namespace, guard.target);
  const stoppedUntilAt = workload && options.stoppedUntil?.(workload.uid);
  const reportLagMs = contents.reportLagMsOf(pods);
  const involved = [...(workload ? [workload] : []), ...revisions.map(({ source }) => source), ...pods];
  const events = involved.flatMap(({ uid }) => contents.eventsAbout(namespace, uid));
  return Object.freeze({
    guard: Object.freeze({ ...guard.view, olderGuard: contents.olderGuard(guard) }),
    workload,
    revisions: Object.freeze(revisions),
    pods: Object.freeze(pods),
    services: Object.freeze(contents.servicesOf(key)),
    events: Object.freeze(
      workload && events.length > 0
        ? maskedEvents(events, contents.fingerprintsOf(namespace, workload))
        : events,
    ),
    incidents: Object.freeze(contents.incidentsOf(namespace, guard.target)),
    otherIncidents: Object.freeze(contents.otherIncidentsOf(namespace, guard.target, revisions)),
    surroundings: Object.freeze({
      observeOnly: options.observeOnly,
      ...contents.settled.besides(namespace, guard.target, contents.latestAt),
      ...(canary !== undefined && { canary }),
      ...(stoppedUntilAt !== undefined && { stoppedUntilAt }),
      ...(reportLagMs > 0 && { reportLagMs }),
      ...(options.currentSinceAt !== undefined && { currentSinceAt: options.currentSinceAt }),
      ...(options.unread?.length && { unread: Object.freeze(options.unread) }),
      ...(options.refusal !== undefined && { refusal: options.refusal }),
      ...(options.refusedPause !== undefined && { refusedPause: options.refusedPause }),
    }),
  });
}

/** Of a namespace that has not been read, or is not any more. */
const NOTHING = { revisions: [], pods: [], services: [], events: [] } as const;

/** Of the guard's namespace nothing may be decided on: what could be read of it is only a part. */
function unseen({ view }: GuardProjection, { observeOnly, unread = [] }: ObserveOptions): Snapshot {
  return Object.freeze({
    guard: Object.freeze(view),
    ...NOTHING,
    workload: undefined,
    incidents: [],
    surroundings: Object.freeze({
      observeOnly,
      settledNearby: 0,
      settledNamespaces: 0,
      outages: [],
      unread: Object.freeze(unread),
      isUnseen: true,
    }),
  });
}

/**
 * What is left of a guard that is gone, with the Incidents about its target; undefined where another guard has that target, or
 * nothing is left to end. What else was in the namespace may be forgotten already.
 * @param isFrozen RolloutGuard can have paused the rollout, of which no Incident tells
 */
export function observeUnguarded(
  { contents }: Caches,
  key: ReconcileKey,
  { observeOnly, isFrozen = false }: { readonly observeOnly: boolean; readonly isFrozen?: boolean },
): Snapshot | undefined {
  const { namespace, guard: name, target } = parseReconcileKey(key);
  if (contents.isGuarded(namespace, target)) return undefined;
  const incidents = contents.incidentsOf(namespace, target);
  if (!isFrozen && !isAnythingLeft(incidents)) return undefined;
  return Object.freeze({
    guard: Object.freeze({
      namespace,
      name,
      uid: "",
      generation: 0,
      createdAt: 0,
      spec: { invalid: "The RolloutGuard is gone." },
      status: {},
    }),
    ...NOTHING,
    workload: contents.workloads.get(namespace, target),
    incidents: Object.freeze(incidents),
    surroundings: { observeOnly, ...contents.settled.besides(namespace, target, contents.latestAt) },
  });
}

/** Flagger leaves no sign on what it releases, but runs a copy of it under this name, which its Canary controls. */
function canaryOf({ workloads }: Caches["contents"], namespace: string, target: Target): string | undefined {
  const owner = workloads.get(namespace, { ...target, name: `${target.name}-primary` })?.owner;
  return owner?.kind === "Canary" ? owner.name : undefined;
}

/** The snapshot with the workload and its revisions as they were just read, past the caches. */
export function withLive(snapshot: Snapshot, live: LiveWorkload): Snapshot {
  const port = portOf(live);
  const workload = port.project(live.workload);
  const revisions = live.sources.flatMap((source) => {
    const revision = port.projectRevision(source);
    return revision?.owner.uid === workload.uid ? [revision.view] : [];
  });
  const ids = new Set(revisions.map(({ id }) => id));
  return Object.freeze({
    ...snapshot,
    workload,
    revisions: Object.freeze(revisions),
    pods: Object.freeze(snapshot.pods.filter(({ revisionId }) => ids.has(revisionId))),
  });
}

/**
 * The snapshot with the workload as the API server answered the rollback for that Incident, whatever was changed since. It knows of the
 * rollback also where admission has taken away the annotations that tell of it.
 */
export function withAnswer(
  snapshot: Snapshot,
  answered: LiveWorkload,
  incident: string,
  sentAt: number,
): Snapshot {
  const live = withLive(snapshot, answered);
  const { workload } = live;
  if (workload === undefined) return live;
  const rolledBack = Object.freeze({ incident, at: sentAt, generation: workload.generation });
  return Object.freeze({ ...live, workload: Object.freeze({ ...workload, rolledBack }) });
}
