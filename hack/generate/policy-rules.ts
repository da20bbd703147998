// What roles allow, as rules of RBAC: for the operator from the table of its calls, for people from the kinds that they read and write.
import { GROUP, INCIDENT_PLURAL, ROLLOUT_GUARD_PLURAL } from "../../src/api/group.ts";
import {
  type ApiCall,
  CALLS_FOR_SECURE_METRICS,
  CALLS_IN_GUARDED_NAMESPACES,
  CALLS_IN_OWN_NAMESPACE,
  type OwnCall,
} from "../../src/kube/api-calls.ts";

/** A rule as RBAC has it. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** What the operator calls in every guarded namespace. */
export const GUARDING_RULES = CALLS_IN_GUARDED_NAMESPACES.map(ruleFor);

/** What it calls in its own namespace. */
export const OWN_RULES = CALLS_IN_OWN_NAMESPACE.flatMap(rulesForOne);

/** What it calls to find out who can read its metrics. */
export const METRICS_REVIEW_RULES = CALLS_FOR_SECURE_METRICS.map(ruleFor);

/** People who can view a namespace see guards and Incidents. */
export const VIEW_RULES = [rule([ROLLOUT_GUARD_PLURAL, INCIDENT_PLURAL], ["get", "list", "watch"])];

/**
 * People who can edit write guards, delete Incidents, and open them and write their end for a rollback by hand (`kubectl
 * rolloutguard rollback`). They could do all that an Incident leads to anyway, since they can change Deployments.
 */
export const EDIT_RULES = [
  rule([ROLLOUT_GUARD_PLURAL], ["create", "update", "patch", "delete", "deletecollection"]),
  rule([INCIDENT_PLURAL], ["create", "delete", "deletecollection"]),
  rule([`${INCIDENT_PLURAL}/status`], ["patch"]),
];

/** The rule that allows one call. */
export function ruleFor({ group, resource, subresource, verbs }: ApiCall): PolicyRule {
  return {
    apiGroups: [group],
    resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
    verbs,
  };
}

/** What has no name yet cannot be allowed by name: `create` is in a rule of its own. */
function rulesForOne(call: OwnCall): PolicyRule[] {
  const named = call.verbs.filter((verb) => verb !== "create");
  return [
    ...(named.length < call.verbs.length ? [ruleFor({ ...call, verbs: ["create"] })] : []),
    { ...ruleFor({ ...call, verbs: named }), resourceNames: [call.name] },
  ];
}

function rule(resources: readonly string[], verbs: readonly string[]): PolicyRule {
  return { apiGroups: [GROUP], resources, verbs };
}
