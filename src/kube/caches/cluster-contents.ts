// What is known of the cluster: the stores of all resources and the questions that observe and the caches ask them.

import { knownServices } from "../../domain/history/known-services.ts";
import { incidentNameOf, incidentNumberIn } from "../../domain/incidents/incident-name.ts";
import { isAnythingLeft } from "../../domain/incidents/unguarded.ts";
import { asksPods } from "../../domain/questions/asks-pods.ts";
import { selects } from "../../domain/rollout/services.ts";
import type { EventView } from "../../domain/snapshot/event.ts";
import type { IncidentView, OtherIncident } from "../../domain/snapshot/incident.ts";
import type { NeighbourView } from "../../domain/snapshot/network.ts";
import type { PodView } from "../../domain/snapshot/pod.ts";
import type { RevisionView } from "../../domain/snapshot/revision.ts";
import type { PartialPort, ServiceView } from "../../domain/snapshot/service.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import { type Fingerprint, fingerprintOf } from "../masking/fingerprints.ts";
import type { EndpointGroup } from "../projections/endpoint-slice.ts";
import type { GuardProjection } from "../projections/guard.ts";
import type { IncidentProjection } from "../projections/incident.ts";
import type { ServiceProjection } from "../projections/service.ts";
import type { TrackedPod } from "../projections/start-failure.ts";
import { parseReconcileKey, type ReconcileKey, reconcileKey, type Target } from "../reconcile-key.ts";
import { type WorkloadKey, workloadKey } from "../workload-key.ts";
import { EndpointChanges, type EndpointHistory } from "./endpoint-changes.ts";
import { ObjectStore } from "./object-store.ts";
import { ReportLags } from "./report-lags.ts";
import { ServiceBindings } from "./service-bindings.ts";
import { type ServedService, ServiceViews } from "./service-views.ts";
import { SettledWorkloads } from "./settled-workloads.ts";
import { uidKey } from "./uid-key.ts";
import { WorkloadStores } from "./workload-stores.ts";

/** Events older than this say nothing about what happens now; the API server forgets them after as long. */
const EVENT_LIFE_MS = 3_600_000;

/** As many Services as a guard can name and its status can remember. */
const MOST_SERVICES = 50;

/** All stores, and what is derived from several of them. Lookups cost what they find, not what the cluster holds. */
export class ClusterContents {
  readonly guards = new ObjectStore<GuardProjection, "target" | "asking">({
    target: ({ target }, namespace) => targetKey(namespace, target),
    asking: ({ view }, namespace) => (asksPods(view) ? namespace : undefined),
  });
  readonly incidents = new ObjectStore<IncidentProjection, "target">({
    target: ({ target }, namespace) => targetKey(namespace, target),
  });
  readonly workloads = new WorkloadStores();
  readonly pods = new ObjectStore<TrackedPod, "revision">({
    revision: ({ revisionId }, namespace) => uidKey(namespace, revisionId),
  });
  readonly services = new ObjectStore<ServiceProjection, "selector">({
    selector: ({ selector }, namespace) => selectorKey(namespace, selector),
  });
  readonly slices = new ObjectStore<EndpointGroup, "service">({ service: endpointsKey });
  readonly endpoints = new ObjectStore<EndpointGroup, "service">({ service: endpointsKey });
  readonly events = new ObjectStore<EventView, "involved">({
    involved: ({ involved }, namespace) => uidKey(namespace, involved.uid),
  });

  readonly serviceViews = new ServiceViews(this);
  readonly bindings = new ServiceBindings((key) => this.#servicesFor(key));
  readonly settled = new SettledWorkloads();
  readonly endpointChanges = new EndpointChanges();
  readonly reportLags = new ReportLags();
  /** When something was last observed (epoch ms). */
  latestAt = 0;

  /** Whether a guard of the namespace asks pods, so that it has to be known where they are. */
  asksPodsIn(namespace: string): boolean {
    return !this.guards.by("asking", namespace).next().done;
  }

  /** The guard of the key, as long as that is its target. */
  guard(key: ReconcileKey): GuardProjection | undefined {
    const { namespace, guard } = parseReconcileKey(key);
    const found = this.guards.get(namespace, guard);
    return found && reconcileKey(namespace, guard, found.target) === key ? found : undefined;
  }

  /** The keys of all guards, or of those of the namespace. */
  *keys(namespace?: string): Generator<ReconcileKey> {
    for (const [inNamespace, name] of this.guards.names(namespace)) {
      const guard = this.guards.get(inNamespace, name);
      if (guard) yield reconcileKey(inNamespace, name, guard.target);
    }
  }

  /** The keys of the guards of that workload. */
  *keysOf(namespace: string, target: Target): Generator<ReconcileKey> {
    for (const [name] of this.guards.entriesBy("target", workloadKey(namespace, target)))
      yield reconcileKey(namespace, name, target);
  }

  /** Whether any guard has that target. */
  isGuarded(namespace: string, target: Target): boolean {
    return !this.keysOf(namespace, target).next().done;
  }

  /** Keys for workloads that have no guard any more, and of which something is left to end. */
  *unguardedKeys(): Generator<ReconcileKey> {
    for (const [namespace, name] of this.incidents.names()) {
      const { target, view } = this.incidents.get(namespace, name) ?? {};
      if (target === undefined || view === undefined || this.isGuarded(namespace, target)) continue;
      if (isAnythingLeft(this.incidentsOf(namespace, target)))
        yield reconcileKey(namespace, view.spec.guard?.name ?? "", target);
    }
  }

  /** The name of the oldest other guard of the same target that is older than this one. */
  olderGuard({ view, target }: GuardProjection): string | undefined {
    let oldest = view;
    for (const other of this.guards.by("target", workloadKey(view.namespace, target))) {
      const age = other.view.createdAt - oldest.createdAt;
      if (age < 0 || (age === 0 && other.view.name < oldest.name)) oldest = other.view;
    }
    return oldest.name === view.name ? undefined : oldest.name;
  }

  /** Fingerprints of the values that the pods of the workload get, in all its revisions. */
  fingerprintsOf(namespace: string, workload: WorkloadView): readonly Fingerprint[] {
    const owned = this.workloads.ownedBy(namespace, workload);
    return [...new Set(Array.from(owned, ({ valueFingerprints }) => valueFingerprints).flat())];
  }

  /** The other workloads of the namespace that have pods, with the Service of these that their settings name. */
  neighboursOf(namespace: string, uid: string, services: readonly string[]): NeighbourView[] {
    const neighbours = new Map<string, NeighbourView>();
    for (const { owner, view, hostFingerprints } of this.workloads.revisionsIn(namespace)) {
      if (owner.uid === uid || view.desiredReplicas === 0) continue;
      const namesService = services.find((service) => hostFingerprints.includes(fingerprintOf(service)));
      neighbours.set(workloadKey(namespace, owner), {
        name: owner.name,
        labels: view.template.labels,
        namesService,
      });
    }
    return [...neighbours.values()].sort(byName);
  }

  /** The pods of the revision, by name. */
  podsOf(namespace: string, revisionId: string): PodView[] {
    return [...this.pods.by("revision", uidKey(namespace, revisionId))].sort(byName);
  }

  /** How late the kubelets of these pods' nodes have told things lately (ms); 0 when all came in time. */
  reportLagMsOf(pods: readonly PodView[]): number {
    const nodes = new Set(pods.flatMap(({ node }) => node ?? []));
    return Math.max(0, ...Array.from(nodes, (node) => this.reportLags.of(node, this.latestAt)));
  }

  /** The Services that concern the guard and exist, by name, with the endpoints of its target. */
  servicesOf(key: ReconcileKey): ServiceView[] {
    const { namespace } = parseReconcileKey(key);
    return [...this.bindings.servicesOf(key)].sort().flatMap((name) => {
      const served = this.serviceViews.get(namespace, name);
      if (served === undefined) return [];
      const { changes, sawLoss } = this.noteEndpoints(key, name, this.latestAt);
      const readyEndpoints = changes.at(-1)?.ready ?? 0;
      const emptySinceAt = readyEndpoints === 0 ? changes.at(-1)?.at : undefined;
      const partialPorts = this.#partialPorts(key, served, readyEndpoints);
      return Object.freeze({
        ...served.service,
        readyEndpoints,
        ...(partialPorts.length > 0 && { partialPorts }),
        changes,
        emptySinceAt,
        sawLoss,
      });
    });
  }

  /** Counts the endpoints of the guard's target that the Service has at `at`. */
  noteEndpoints(key: ReconcileKey, service: string, at: number): EndpointHistory {
    const { namespace } = parseReconcileKey(key);
    const ready = this.serviceViews.get(namespace, service)?.ready ?? [];
    return this.endpointChanges.note(key, service, this.#ownOf(key, ready), at);
  }

  #partialPorts(key: ReconcileKey, { partial }: ServedService, all: number): readonly PartialPort[] {
    const counted = partial.map(({ targetPort, ready }) =>
      Object.freeze({ targetPort, readyEndpoints: this.#ownOf(key, ready) }),
    );
    return Object.freeze(counted.filter(({ readyEndpoints }) => readyEndpoints < all));
  }

  /** How many of these pods are the target's. */
  #ownOf(key: ReconcileKey, pods: readonly string[]): number {
    const { namespace, target } = parseReconcileKey(key);
    return pods.filter((pod) => this.#isPodOf(namespace, pod, target)).length;
  }

  /** Pods and slices come by different watches: an endpoint whose pod is not known is not taken from anybody. */
  #isPodOf(namespace: string, pod: string, target: Target): boolean {
    const revisionId = this.pods.get(namespace, pod)?.revisionId;
    if (revisionId === undefined) return true;
    const owners = [...this.workloads.ownersOf(namespace, revisionId)];
    return (
      owners.length === 0 || owners.some(({ kind, name }) => kind === target.kind && name === target.name)
    );
  }

  /** The Warning Events of the last hour about the object, newest first. */
  eventsAbout(namespace: string, uid: string): EventView[] {
    const recent = [...this.events.entriesBy("involved", uidKey(namespace, uid))]
      .filter(([, { lastAt }]) => !this.isExpired(lastAt))
      .sort(([nameA, a], [nameB, b]) => b.lastAt - a.lastAt || (nameA < nameB ? -1 : 1));
    return recent.map(([, event]) => event);
  }

  isExpired(eventAt: number): boolean {
    return this.latestAt - eventAt > EVENT_LIFE_MS;
  }

  /** The Incidents of the workload, by name: what is known of its revisions outlives the guard that found it out. */
  incidentsOf(namespace: string, target: Target): IncidentView[] {
    const about = this.incidents.by("target", workloadKey(namespace, target));
    return Array.from(about, ({ view }) => view)
      .filter((view): view is IncidentView => view !== undefined)
      .sort(byName);
  }

  /**
   * The Incidents that the workload cannot use, by name: those about it that cannot be read, and those of others
   * whose names an Incident about one of the revisions would get.
   */
  otherIncidentsOf(namespace: string, target: Target, revisions: readonly RevisionView[]): OtherIncident[] {
    const others = new Map<string, OtherIncident>();
    for (const [name, { view, problem }] of this.incidents.entriesBy(
      "target",
      workloadKey(namespace, target),
    )) {
      if (view === undefined) others.set(name, { name, problem });
    }
    const own = this.incidentsOf(namespace, target);
    for (const { source } of revisions) {
      const revision = source.name;
      const highest = Math.max(0, ...own.map(({ name }) => incidentNumberIn(name, revision) ?? 0));
      for (let number = highest + 1; ; number++) {
        const name = incidentNameOf(revision, number);
        if (this.incidents.get(namespace, name) === undefined) break;
        if (!others.has(name)) others.set(name, { name });
      }
    }
    return [...others.values()].sort(byName);
  }

  /**
   * What was named by the guard, remembered in its status, or selects the pods of a revision of its target: in this order the
   * first {@link MOST_SERVICES}. Of those that only select, the first by name, so that it is always the same ones.
   */
  #servicesFor(key: ReconcileKey): ReadonlySet<string> {
    const guard = this.guard(key);
    if (guard === undefined) return new Set();
    const names = new Set(knownServices(guard.view));
    for (const name of [...this.#selectingServices(guard.view.namespace, guard.target)].sort()) {
      if (names.size >= MOST_SERVICES) break;
      names.add(name);
    }
    return new Set([...names].slice(0, MOST_SERVICES));
  }

  #selectingServices(namespace: string, target: Target): ReadonlySet<string> {
    const names = new Set<string>();
    const workload = this.workloads.get(namespace, target);
    if (workload === undefined) return names;
    for (const { view } of this.workloads.ownedBy(namespace, workload)) {
      for (const [key, value] of Object.entries(view.template.labels)) {
        for (const service of this.services.by("selector", pairKey(namespace, key, value))) {
          if (selects(service, view.template.labels)) names.add(service.name);
        }
      }
    }
    return names;
  }
}

/** What names no target has none. */
function targetKey(namespace: string, target: Target): WorkloadKey | undefined {
  return target.name === "" ? undefined : workloadKey(namespace, target);
}

/** A Service is found by one pair of its selector: labels that it selects contain that pair. */
function selectorKey(namespace: string, selector: Readonly<Record<string, string>>): string | undefined {
  const [first] = Object.keys(selector).sort();
  return first === undefined ? undefined : pairKey(namespace, first, selector[first] ?? "");
}

function pairKey(namespace: string, key: string, value: string): string {
  return `${namespace} ${key}=${value}`;
}

function endpointsKey({ service }: EndpointGroup, namespace: string): string {
  return `${namespace}/${service}`;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
