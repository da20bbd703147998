// From a change of the cluster to the guards that it may concern. Keeps what is derived from several objects up to date.

import type { EventView } from "../../domain/snapshot/event.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import { type GuardKey, guardKey } from "../guard-key.ts";
import type { EndpointGroup } from "../projections/endpoint-slice.ts";
import type { GuardProjection } from "../projections/guard.ts";
import type { IncidentProjection } from "../projections/incident.ts";
import type { OwnedRevision } from "../projections/replica-set.ts";
import type { ServiceProjection } from "../projections/service.ts";
import type { TrackedPod } from "../projections/start-trouble.ts";
import type { Change } from "./cached-resource.ts";
import type { ClusterContents } from "./cluster-contents.ts";
import { settledHealth } from "./settled-health.ts";

/** Enough for an Incident's evidence; a pod that fails for days has many more. */
const EVENTS_PER_OBJECT = 20;

/**
 * Collects the concerned guards of one or more changes until they are taken. Objects arrive in any order: a pod
 * whose ReplicaSet is not known concerns nobody yet; the ReplicaSet will.
 */
export class ChangeRouter {
  readonly #contents: ClusterContents;
  readonly #guards = new Set<GuardKey>();
  readonly #services = new Map<
    string,
    { readonly namespace: string; readonly name: string; readonly at: number }
  >();

  constructor(contents: ClusterContents) {
    this.#contents = contents;
  }

  /** The guards that the changes since the last call concern. */
  take(): GuardKey[] {
    // Who a Service concerns is worked out once for all changes of a list.
    for (const { namespace, name, at } of this.#services.values()) {
      for (const key of this.#contents.bindings.guardsOf(namespace, name)) {
        this.#guards.add(key);
        this.#contents.noteEndpoints(key, name, at);
      }
    }
    const taken = [...this.#guards];
    this.#services.clear();
    this.#guards.clear();
    return taken;
  }

  /** Everything in the namespace is known now. */
  namespaceRead(namespace: string): void {
    for (const [, name] of this.#contents.guards.names(namespace))
      this.#guards.add(guardKey(namespace, name));
  }

  readonly guardChanged = ({ namespace, name, before, after }: Change<GuardProjection>): void => {
    const key = guardKey(namespace, name);
    this.#guards.add(key);
    this.#contents.bindings.outdate(key);
    if (after === undefined || before?.view.uid !== after.view.uid)
      this.#contents.endpointChanges.forget(key);
    for (const target of new Set([before?.target, after?.target])) {
      if (target === undefined) continue;
      this.#refreshSettled(namespace, target);
      // Which guard is the oldest of its target changes only with the guards themselves.
      if (before?.target !== after?.target || before?.view.uid !== after?.view.uid)
        this.#addTargeting(namespace, target);
    }
  };

  readonly incidentChanged = ({ namespace, before, after }: Change<IncidentProjection>): void => {
    for (const target of new Set([before?.target, after?.target])) {
      if (target !== undefined) this.#addTargeting(namespace, target);
    }
  };

  readonly deploymentChanged = ({ namespace, name, before, after }: Change<WorkloadView>): void => {
    this.#refreshSettled(namespace, name);
    this.#addTargeting(namespace, name, before?.uid !== after?.uid);
  };

  readonly replicaSetChanged = ({ namespace, before, after }: Change<OwnedRevision>): void => {
    const rebind =
      before?.view.templateKey !== after?.view.templateKey || before?.owner.uid !== after?.owner.uid;
    for (const owner of new Set([before?.owner.name, after?.owner.name])) {
      if (owner !== undefined) this.#addTargeting(namespace, owner, rebind);
    }
  };

  readonly podChanged = ({ namespace, before, after }: Change<TrackedPod>): void => {
    for (const revision of new Set([before?.revisionId, after?.revisionId]))
      this.#addOwning(namespace, revision);
  };

  readonly serviceChanged = ({ namespace, name, before, after, at }: Change<ServiceProjection>): void => {
    const { bindings, guards } = this.#contents;
    this.#refreshService(namespace, name, at);
    if (before?.selector === after?.selector) return;
    for (const key of bindings.lastKnownGuardsOf(namespace, name)) this.#guards.add(key);
    for (const [, guard] of guards.names(namespace)) bindings.outdate(guardKey(namespace, guard));
  };

  readonly endpointsChanged = ({ namespace, before, after, at }: Change<EndpointGroup>): void => {
    for (const service of new Set([before?.service, after?.service])) {
      if (service !== undefined) this.#refreshService(namespace, service, at);
    }
  };

  readonly eventChanged = ({ namespace, before, after }: Change<EventView>): void => {
    if (after !== undefined) this.#dropSurplusEvents(namespace, after.involved.uid);
    const involved = (after ?? before)?.involved;
    if (involved === undefined) return;
    const { pods, replicaSets } = this.#contents;
    if (involved.kind === "Deployment") this.#addTargeting(namespace, involved.name);
    if (involved.kind === "Pod") this.#addOwning(namespace, pods.get(namespace, involved.name)?.revisionId);
    if (involved.kind === "ReplicaSet")
      this.#addOwning(namespace, replicaSets.get(namespace, involved.name)?.view.id);
  };

  #addTargeting(namespace: string, workload: string, rebind = false): void {
    for (const key of this.#contents.guardsTargeting(namespace, workload)) {
      this.#guards.add(key);
      if (rebind) this.#contents.bindings.outdate(key);
    }
  }

  #addOwning(namespace: string, revisionId: string | undefined): void {
    if (revisionId === undefined) return;
    for (const owner of this.#contents.ownersOf(namespace, revisionId)) this.#addTargeting(namespace, owner);
  }

  #refreshService(namespace: string, name: string, at: number): void {
    if (!this.#contents.serviceViews.refresh(namespace, name)) return;
    this.#services.set(`${namespace}/${name}`, { namespace, name, at });
  }

  #refreshSettled(namespace: string, name: string): void {
    const { deployments, guards, settled } = this.#contents;
    const workload = deployments.get(namespace, name);
    const statuses = Array.from(guards.by("target", `${namespace}/${name}`), ({ view }) => view.status);
    settled.set(namespace, name, workload && settledHealth(workload, statuses));
  }

  /** Keeps the newest Events of an object, and none that has expired. */
  #dropSurplusEvents(namespace: string, involvedUid: string): void {
    const { events } = this.#contents;
    const newestFirst = [...events.entriesBy("involved", `${namespace}/${involvedUid}`)].sort(
      ([nameA, a], [nameB, b]) => b.lastAt - a.lastAt || (nameA < nameB ? -1 : 1),
    );
    for (const [index, [name, event]] of newestFirst.entries()) {
      if (index >= EVENTS_PER_OBJECT || this.#contents.isExpired(event.lastAt))
        events.remove(namespace, name);
    }
  }
}
