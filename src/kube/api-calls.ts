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
    "Judge the rollout; get: look once more before the rollback; patch: the rollback, and the hand-over of its fields to whoever applies the Deployment",
  ),
  call("replicasets", ["list", "watch"], "Know the revisions and their templates"),
  call("pods", ["list", "watch"], "See why a version does not work"),
  call("services", ["list", "watch"], "Know which Services the pods serve"),
  call("endpointslices", ["list", "watch"], "See whether these Services have endpoints"),
  call("endpoints", ["list", "watch"], "The same, where the cluster has no EndpointSlices"),
  call(
    "events",
    ["list", "watch", "create", "patch"],
    "Read evidence, of pods that no node takes Normal Events too; tell what was decided (patch: count the same Event up)",
  ),
  call(
    "networkpolicies",
    ["list"],
    "Tell whether callers were shut out by labels that a release changed; without it that cause is not told",
  ),
  call("rolloutguards", ["list", "watch"], "Know what to guard"),
  call("rolloutguards", ["patch"], "Say how the guarded rollout is", "status"),
  call(
    "incidents",
    ["get", "list", "watch", "create", "delete"],
    "Record failed rollouts; delete: those beyond incidentHistoryLimit",
  ),
  call("incidents", ["patch"], "Tell how the Incident goes on", "status"),
];

/** What is called in guarded namespaces only where a guard asks for it, and granted only by a component of its own. */
export const CALLS_BY_CHOICE: readonly (ApiCall & { readonly component: string })[] = [
  {
    ...call(
      "pods",
      ["get"],
      "Keep the last lines of a failing container in the Incident (evidence.logs: true)",
      "log",
    ),
    component: "logs",
  },
];

/** What is called where the metrics are only for those who may read them, and granted only by a component of its own. */
export const CALLS_FOR_SECURE_METRICS: readonly ApiCall[] = [
  call("tokenreviews", ["create"], "Know whose token somebody sends who wants to read the metrics"),
  call("subjectaccessreviews", ["create"], "Know whether that account can get /metrics"),
];

/** A call of which the object's name is known: it can be granted for that object alone. Creating cannot. */
export interface OwnCall extends ApiCall {
  readonly name: string;
}

/** What is called in the operator's own namespace only. */
export const CALLS_IN_OWN_NAMESPACE: readonly OwnCall[] = [
  {
    ...call("leases", ["get", "create", "update"], "Agree on which replica acts"),
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
