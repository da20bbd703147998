// What the operator asks of the API server: each resource with the verbs that its code uses. The roles in config/ are generated from it.
import { ALL_RESOURCES, type ResourceName, type UncachedResourceName } from "./resources.ts";

/** The verbs of RBAC that are used at all. */
export type CallVerb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** What is called of a resource, or of a subresource of it. */
export interface ApiCall {
  readonly group: string;
  /** The plural name. */
  readonly resource: string;
  readonly subresource?: string;
  readonly verbs: readonly CallVerb[];
  /** For people who decide whether to grant it. */
  readonly why: string;
}

/** What is called in every guarded namespace; without --namespaces, lists and watches are of the whole cluster. */
export const CALLS_IN_GUARDED_NAMESPACES: readonly ApiCall[] = [
  call(
    "deployments",
    ["get", "list", "watch", "patch"],
    "Watch rollouts; get: check again immediately before a rollback; patch: roll back, and hand over the changed fields to the field manager that applies the Deployment",
  ),
  call("replicasets", ["list", "watch"], "Find the revisions and their templates"),
  call("pods", ["list", "watch"], "Find out why the pods of a revision fail"),
  call("services", ["list", "watch"], "Find the Services that select the pods"),
  call("endpointslices", ["list", "watch"], "Check whether these Services have endpoints"),
  call("endpoints", ["list", "watch"], "The same, on clusters without EndpointSlices"),
  call(
    "events",
    ["list", "watch", "create", "patch"],
    "Collect evidence, for unschedulable pods from Normal Events too; publish decisions (patch: update the count of a repeated Event)",
  ),
  call(
    "networkpolicies",
    ["list"],
    "Find out whether labels that a release changed make a policy block callers; without it, this cause is not reported",
  ),
  call("rolloutguards", ["list", "watch"], "Find out which workloads to guard"),
  call("rolloutguards", ["patch"], "Report the state of the guarded workload", "status"),
  call(
    "incidents",
    ["get", "list", "watch", "create", "delete"],
    "Record failed rollouts; delete: Incidents beyond incidentHistoryLimit",
  ),
  call("incidents", ["patch"], "Report the progress of the Incident", "status"),
];

/** What is called in guarded namespaces only where a guard asks for it, and granted only by a component of its own. */
export const CALLS_BY_CHOICE: readonly (ApiCall & { readonly component: string })[] = [
  {
    ...call(
      "pods",
      ["get"],
      "Quote the last lines of a failing container in the Incident (evidence.logs: true)",
      "log",
    ),
    component: "logs",
  },
];

/** What is called where the metrics are only for those who may read them, and granted only by a component of its own. */
export const CALLS_FOR_SECURE_METRICS: readonly ApiCall[] = [
  call("tokenreviews", ["create"], "Authenticate clients of /metrics"),
  call("subjectaccessreviews", ["create"], "Authorize clients of /metrics"),
];

/** A call of which the object's name is known: it can be granted for that object alone. Creating cannot. */
export interface OwnCall extends ApiCall {
  readonly name: string;
}

/** What is called in the operator's own namespace only. */
export const CALLS_IN_OWN_NAMESPACE: readonly OwnCall[] = [
  {
    ...call("leases", ["get", "create", "update"], "Elect the leader"),
    // As --lease-name is when nobody sets it.
    name: "rolloutguard",
  },
];

function call(
  name: ResourceName | UncachedResourceName,
  verbs: readonly CallVerb[],
  why: string,
  subresource?: string,
): ApiCall {
  const { group, plural } = ALL_RESOURCES[name];
  return { group, resource: plural, ...(subresource && { subresource }), verbs, why };
}
