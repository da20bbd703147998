// The resources that RolloutGuard reads and writes, and where the API server serves them.
import {
  GROUP,
  INCIDENT_KIND,
  INCIDENT_PLURAL,
  ROLLOUT_GUARD_KIND,
  ROLLOUT_GUARD_PLURAL,
  VERSION,
} from "../api/group.ts";
import type { Need } from "../domain/snapshot/unread.ts";

/** Where workloads are served that a guard can target. */
export type WorkloadResource = "deployments";

/** Where the objects that hold their revisions are served. */
export type RevisionResource = "replicasets";

/** The plural, which is unique among the resources used here. */
export type ResourceName =
  | "rolloutguards"
  | "incidents"
  | WorkloadResource
  | RevisionResource
  | "pods"
  | "services"
  | "endpointslices"
  | "endpoints"
  | "events";

/** The plural of a resource that no cache holds: it is read when it is needed. */
export type UncachedResourceName = "leases" | "networkpolicies" | "tokenreviews" | "subjectaccessreviews";

/** Where a resource is served and what its objects are called. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  /** What lists and watches of it are narrowed to. */
  readonly fieldSelector?: string | undefined;
}

/** Every resource that is kept in the caches, or may be. */
export const RESOURCES: Readonly<Record<ResourceName, Resource>> = {
  rolloutguards: { group: GROUP, version: VERSION, plural: ROLLOUT_GUARD_PLURAL, kind: ROLLOUT_GUARD_KIND },
  incidents: { group: GROUP, version: VERSION, plural: INCIDENT_PLURAL, kind: INCIDENT_KIND },
  deployments: { group: "apps", version: "v1", plural: "deployments", kind: "Deployment" },
  replicasets: { group: "apps", version: "v1", plural: "replicasets", kind: "ReplicaSet" },
  pods: { group: "", version: "v1", plural: "pods", kind: "Pod" },
  services: { group: "", version: "v1", plural: "services", kind: "Service" },
  endpointslices: {
    group: "discovery.k8s.io",
    version: "v1",
    plural: "endpointslices",
    kind: "EndpointSlice",
  },
  endpoints: { group: "", version: "v1", plural: "endpoints", kind: "Endpoints" },
  // Normal Events are most of all Events and never evidence.
  events: { group: "", version: "v1", plural: "events", kind: "Event", fieldSelector: "type=Warning" },
};

/** What decisions need each resource for; events are only evidence. */
export const NEEDS: Readonly<Record<Exclude<ResourceName, "events">, Need>> = {
  rolloutguards: "records",
  incidents: "records",
  deployments: "workload",
  replicasets: "workload",
  pods: "pods",
  services: "endpoints",
  endpointslices: "endpoints",
  endpoints: "endpoints",
};

/** The other resources that are read and written. */
export const UNCACHED_RESOURCES: Readonly<Record<UncachedResourceName, Resource>> = {
  // Read by name, created and replaced; never listed, watched or deleted.
  leases: { group: "coordination.k8s.io", version: "v1", plural: "leases", kind: "Lease" },
  // Listed when an Incident is opened about a rollout that changed labels.
  networkpolicies: {
    group: "networking.k8s.io",
    version: "v1",
    plural: "networkpolicies",
    kind: "NetworkPolicy",
  },
  // Created only, as questions: nothing of them is stored.
  tokenreviews: {
    group: "authentication.k8s.io",
    version: "v1",
    plural: "tokenreviews",
    kind: "TokenReview",
  },
  subjectaccessreviews: {
    group: "authorization.k8s.io",
    version: "v1",
    plural: "subjectaccessreviews",
    kind: "SubjectAccessReview",
  },
};

/** All that the API server is asked about, but what it serves. */
export const ALL_RESOURCES: Readonly<Record<ResourceName | UncachedResourceName, Resource>> = {
  ...RESOURCES,
  ...UNCACHED_RESOURCES,
};

/** "v1" or "apps/v1": what an object of the resource says as its apiVersion. */
export function apiVersionOf(resource: ResourceName | UncachedResourceName): string {
  const { group, version } = ALL_RESOURCES[resource];
  return group === "" ? version : `${group}/${version}`;
}

/** The URL path of the resource: all of the cluster, of one namespace, one object, or a subresource of it. */
export function resourcePath(
  resource: ResourceName | UncachedResourceName,
  namespace?: string,
  name?: string,
  subresource?: string,
): string {
  const { group, version, plural } = ALL_RESOURCES[resource];
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  const object = name ? `/${encodeURIComponent(name)}` : "";
  return `${root}${scope}/${plural}${object}${subresource ? `/${subresource}` : ""}`;
}
