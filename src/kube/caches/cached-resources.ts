// The resources in the caches, in one table: where each is stored, how it is projected, and who hears of its changes.
import { metaOf, type RawObject } from "../objects.ts";
import { projectEndpointSlice, projectEndpoints } from "../projections/endpoint-slice.ts";
import { projectWarning } from "../projections/event.ts";
import { type GuardProjection, projectGuard } from "../projections/guard.ts";
import { projectIncident } from "../projections/incident.ts";
import { projectPod } from "../projections/pod.ts";
import { reportLagOf } from "../projections/report-lag.ts";
import { projectService } from "../projections/service.ts";
import type { TrackedPod } from "../projections/start-failure.ts";
import type { ResourceName, RevisionResource, WorkloadResource } from "../resources.ts";
import {
  INVOLVED_KINDS,
  REVISION_RESOURCES,
  revisionIdOf,
  revisionProjection,
  WORKLOAD_RESOURCES,
  workloadProjection,
} from "../workloads/ports-by-kind.ts";
import { CachedResource, type Change, type ObjectSink } from "./cached-resource.ts";
import type { ChangeRouter } from "./change-router.ts";
import type { ClusterContents } from "./cluster-contents.ts";
import type { ObjectStore } from "./object-store.ts";

/** Something of an object cannot be read, and is left out. */
export interface UnreadableObject {
  readonly resource: ResourceName;
  /** "namespace/name"; undefined for an object without a proper name. */
  readonly object?: string | undefined;
  /** What is wrong, in a sentence. */
  readonly problem: string;
}

/** Kept wherever they are: guards say which namespaces count, and what Incidents tell of revisions outlives a guard. */
export const KEPT_EVERYWHERE: ReadonlySet<ResourceName> = new Set(["rolloutguards", "incidents"]);

interface CachedResourcesOptions {
  readonly contents: ClusterContents;
  readonly router: ChangeRouter;
  /** Whether other resources are kept in the namespace; undefined: in all. */
  readonly keeps: ((namespace: string) => boolean) | undefined;
  /** Called when the router knows of it. */
  readonly onGuardChange: (change: Change<GuardProjection>) => void;
  readonly onUnreadable: (unreadable: UnreadableObject) => void;
}

const NAMELESS = "It has no valid name and namespace, and is ignored.";

/** A cache for each resource, empty. */
export function createCachedResources(
  options: CachedResourcesOptions,
): Readonly<Record<ResourceName, ObjectSink>> {
  const { contents, router, keeps, onGuardChange, onUnreadable } = options;
  /** A resource whose projections say themselves what of an object could not be read. */
  const reportingUnreadable =
    <View extends { readonly problem?: string | undefined }>(
      resource: ResourceName,
      onChange: (change: Change<View>) => void,
    ) =>
    (change: Change<View>) => {
      const problem = change.after?.problem;
      if (problem !== undefined)
        onUnreadable({ resource, object: `${change.namespace}/${change.name}`, problem });
      onChange(change);
    };
  const cached = <View, IndexName extends string>(
    resource: ResourceName,
    store: ObjectStore<View, IndexName>,
    project: (object: RawObject, previous: View | undefined, at: number) => View | undefined,
    onChange: (change: Change<View>) => void,
  ): ObjectSink =>
    new CachedResource({
      store,
      project,
      onChange,
      onNameless: () => onUnreadable({ resource, problem: NAMELESS }),
      keeps: KEPT_EVERYWHERE.has(resource) ? undefined : keeps,
    });
  const projectTimedPod = (object: RawObject, previous: TrackedPod | undefined, at: number) => {
    const revisionId = revisionIdOf(object);
    if (revisionId === undefined) return undefined;
    const pod = projectPod(object, revisionId, previous, at, contents.asksPodsIn(metaOf(object).namespace));
    const lagMs = reportLagOf(object, previous, pod);
    if (pod.node !== undefined && lagMs !== undefined) contents.reportLags.note(pod.node, lagMs, at);
    return pod;
  };
  const guardChanged = reportingUnreadable("rolloutguards", (change: Change<GuardProjection>) => {
    router.guardChanged(change);
    onGuardChange(change);
  });
  const incidentChanged = reportingUnreadable("incidents", router.incidentChanged);
  const { workloadChanged, revisionChanged, podChanged, serviceChanged } = router;
  const workloads = WORKLOAD_RESOURCES.map((name) => {
    const store = contents.workloads.workloads[name];
    return [name, cached(name, store, workloadProjection(name), workloadChanged)] as const;
  });
  const revisions = REVISION_RESOURCES.map((name) => {
    const store = contents.workloads.revisions[name];
    return [name, cached(name, store, revisionProjection(name), revisionChanged)] as const;
  });
  return {
    rolloutguards: cached("rolloutguards", contents.guards, projectGuard, guardChanged),
    incidents: cached("incidents", contents.incidents, projectIncident, incidentChanged),
    ...(Object.fromEntries([...workloads, ...revisions]) as Record<
      WorkloadResource | RevisionResource,
      ObjectSink
    >),
    pods: cached("pods", contents.pods, projectTimedPod, podChanged),
    services: cached("services", contents.services, projectService, serviceChanged),
    endpointslices: cached("endpointslices", contents.slices, projectEndpointSlice, router.endpointsChanged),
    endpoints: cached("endpoints", contents.endpoints, projectEndpoints, router.endpointsChanged),
    events: cached(
      "events",
      contents.events,
      (object) => projectWarning(object, INVOLVED_KINDS),
      router.eventChanged,
    ),
  };
}
