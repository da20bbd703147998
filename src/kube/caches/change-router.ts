// From a change of the cluster to the guards that it may concern. Keeps what is derived from several objects up to date.

import { WORKLOAD_KINDS } from "../../api/workload-kind.ts";
import type { EventView } from "../../domain/snapshot/event.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import type { EndpointGroup } from "../projections/endpoint-slice.ts";
import type { GuardProjection } from "../projections/guard.ts";
import type { IncidentProjection } from "../projections/incident.ts";
import type { ServiceProjection } from "../projections/service.ts";
import type { TrackedPod } from "../projections/start-failure.ts";
import { type ReconcileKey, reconcileKey, type Target } from "../reconcile-key.ts";
import { workloadKey } from "../workload-key.ts";
import type { OwnedRevision } from "../workloads/owned-revision.ts";
import type { Change } from "./cached-resource.ts";
import type { ClusterContents } from "./cluster-contents.ts";
import { settledHealth } from "./settled-health.ts";

/** Enough for an Incident's evidence; a pod that fails for days has many more. */
const EVENTS_PER_OBJECT = 20;

/**
 * Collects the concerned guards of one or more changes until they are taken. Objects arrive in any order: a pod
 * whose revision is not known concerns nobody yet; the revision will.
 */
export class ChangeRouter {
  readonly #contents: ClusterContents;
  readonly #keys = new Set<ReconcileKey>();
  readonly #services = new Map<
    string,
    { readonly namespace: string; readonly name: string; readonly at: number }
  >();

  constructor(contents: ClusterContents) {
    this.#contents = contents;
  }

  /** The guards that the changes since the last call concern. */
  take(): ReconcileKey[] {
    // Who a Service concerns is worked out once for all changes of a list.
    for (const { namespace, name, at } of this.#services.values()) {
      for (const key of this.#contents.bindings.guardsOf(namespace, name)) {
        this.#keys.add(key);
        this.#contents.noteEndpoints(key, name, at);
      }
    }
    const taken = [...this.#keys];
    this.#services.clear();
    this.#keys.clear();
    return taken;
  }

  /** Everything in the namespace is known now. */
  namespaceRead(namespace: string): void {
    for (const key of this.#contents.keys(namespace)) this.#keys.add(key);
  }

  readonly guardChanged = ({ namespace, name, before, after }: Change<GuardProjection>): void => {
    // Which guard is the oldest of its target changes only with the guards themselves.
    const isOther = before?.view.uid !== after?.view.uid || !isSameTarget(before?.target, after?.target);
    for (const target of distinctTargets(before?.target, after?.target)) {
      const key = reconcileKey(namespace, name, target);
      this.#keys.add(key);
      this.#contents.bindings.outdate(key);
      if (isOther) this.#contents.endpointChanges.forget(key);
      this.#refreshSettled(namespace, target);
      if (isOther) this.#addTargeting(namespace, target);
    }
  };

  readonly incidentChanged = ({ namespace, before, after }: Change<IncidentProjection>): void => {
    for (const target of distinctTargets(before?.target, after?.target))
      this.#addTargeting(namespace, target);
  };

  readonly workloadChanged = ({ namespace, name, before, after }: Change<WorkloadView>): void => {
    const kind = (after ?? before)?.kind;
    if (kind === undefined) return;
    const target = { kind, name };
    this.#refreshSettled(namespace, target);
    this.#addTargeting(namespace, target, before?.uid !== after?.uid);
  };

  readonly revisionChanged = ({ namespace, before, after }: Change<OwnedRevision>): void => {
    const rebind =
      before?.view.templateKey !== after?.view.templateKey || before?.owner.uid !== after?.owner.uid;
    for (const owner of distinctTargets(before?.owner, after?.owner))
      this.#addTargeting(namespace, owner, rebind);
  };

  readonly podChanged = ({ namespace, before, after }: Change<TrackedPod>): void => {
    for (const revision of new Set([before?.revisionId, after?.revisionId]))
      this.#addOwning(namespace, revision);
  };

  readonly serviceChanged = ({ namespace, name, before, after, at }: Change<ServiceProjection>): void => {
    const { bindings } = this.#contents;
    this.#refreshService(namespace, name, at);
    if (before?.selector === after?.selector) return;
    for (const key of bindings.lastKnownGuardsOf(namespace, name)) this.#keys.add(key);
    for (const key of this.#contents.keys(namespace)) bindings.outdate(key);
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
    const { kind, name } = involved;
    const { pods, workloads } = this.#contents;
    const workloadKind = WORKLOAD_KINDS.find((one) => one === kind);
    if (workloadKind !== undefined) this.#addTargeting(namespace, { kind: workloadKind, name });
    if (kind === "Pod") this.#addOwning(namespace, pods.get(namespace, name)?.revisionId);
    else this.#addOwning(namespace, workloads.heldBy(namespace, kind, name)?.view.id);
  };

  #addTargeting(namespace: string, target: Target, rebind = false): void {
    for (const key of this.#contents.keysOf(namespace, target)) {
      this.#keys.add(key);
      if (rebind) this.#contents.bindings.outdate(key);
    }
  }

  #addOwning(namespace: string, revisionId: string | undefined): void {
    if (revisionId === undefined) return;
    for (const owner of this.#contents.workloads.ownersOf(namespace, revisionId))
      this.#addTargeting(namespace, owner);
  }

  #refreshService(namespace: string, name: string, at: number): void {
    if (!this.#contents.serviceViews.refresh(namespace, name)) return;
    this.#services.set(`${namespace}/${name}`, { namespace, name, at });
  }

  #refreshSettled(namespace: string, target: Target): void {
    const { workloads, guards, settled } = this.#contents;
    const workload = workloads.get(namespace, target);
    const statuses = Array.from(
      guards.by("target", workloadKey(namespace, target)),
      ({ view }) => view.status,
    );
    settled.set(namespace, target, workload && settledHealth(workload, statuses));
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

function distinctTargets(before: Target | undefined, after: Target | undefined): readonly Target[] {
  const targets = isSameTarget(before, after) ? [after] : [before, after];
  return targets.filter((target) => target !== undefined);
}

function isSameTarget(a: Target | undefined, b: Target | undefined): boolean {
  return a?.kind === b?.kind && a?.name === b?.name;
}
