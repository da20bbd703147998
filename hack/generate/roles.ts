// The roles in config/: for the operator from the table of its calls, for people from the kinds that they write and read.
import { GROUP, INCIDENT_PLURAL, ROLLOUT_GUARD_PLURAL } from "../../src/api/group.ts";
import {
  type ApiCall,
  CALLS_BY_CHOICE,
  CALLS_FOR_SECURE_METRICS,
  CALLS_IN_GUARDED_NAMESPACES,
  CALLS_IN_OWN_NAMESPACE,
  type OwnCall,
} from "../../src/kube/api-calls.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { manifestText } from "./manifest-text.ts";

/** A rule as RBAC has it. */
interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const API_VERSION = "rbac.authorization.k8s.io/v1";
const LABELS = { "app.kubernetes.io/name": "rolloutguard", "app.kubernetes.io/part-of": "rolloutguard" };
const CALLS = "src/kube/api-calls.ts";

export function generateRoles(): GeneratedFile[] {
  const guarding = CALLS_IN_GUARDED_NAMESPACES.map(ruleFor);
  const own = CALLS_IN_OWN_NAMESPACE.flatMap(rulesForOne);
  return [
    file("rbac/cluster/cluster-role.yaml", CALLS, role("ClusterRole", "rolloutguard", guarding)),
    file("rbac/namespace/role.yaml", CALLS, role("Role", "rolloutguard", guarding)),
    file("operator/lease-role.yaml", CALLS, role("Role", "rolloutguard-lease", own), leaseBinding()),
    file("rbac/users/user-roles.yaml", "hack/generate/roles.ts", ...userRoles()),
    file("components/secure-metrics/roles.yaml", CALLS, ...secureMetricsRoles()),
    ...CALLS_BY_CHOICE.map((call) =>
      file(`components/${call.component}/kustomization.yaml`, CALLS, component(call)),
    ),
  ];
}

/** Adds the rule to the role of the operator, whichever of the two an overlay has. */
function component(call: ApiCall) {
  const patch = JSON.stringify([{ op: "add", path: "/rules/-", value: ruleFor(call) }]);
  return {
    apiVersion: "kustomize.config.k8s.io/v1alpha1",
    kind: "Component",
    patches: [{ target: { kind: "ClusterRole|Role", name: "rolloutguard" }, patch }],
  };
}

function file(path: string, source: string, ...objects: object[]): GeneratedFile {
  return { path: `config/${path}`, text: manifestText(source, ...objects) };
}

function role(kind: "Role" | "ClusterRole", name: string, rules: readonly PolicyRule[]) {
  return { apiVersion: API_VERSION, kind, metadata: { name, labels: LABELS }, rules };
}

function ruleFor({ group, resource, subresource, verbs }: ApiCall): PolicyRule {
  return {
    apiGroups: [group],
    resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
    verbs,
  };
}

/** What has no name yet cannot be allowed by name: `create` stands in a rule of its own. */
function rulesForOne(call: OwnCall): PolicyRule[] {
  const named = call.verbs.filter((verb) => verb !== "create");
  return [
    ...(named.length < call.verbs.length ? [ruleFor({ ...call, verbs: ["create"] })] : []),
    { ...ruleFor({ ...call, verbs: named }), resourceNames: [call.name] },
  ];
}

function leaseBinding() {
  return binding("RoleBinding", "Role", "rolloutguard-lease");
}

/** The subject's namespace is filled in by kustomize, wherever an overlay puts the ServiceAccount. */
function binding(kind: "RoleBinding" | "ClusterRoleBinding", to: "Role" | "ClusterRole", name: string) {
  return {
    apiVersion: API_VERSION,
    kind,
    metadata: { name, labels: LABELS },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: to, name },
    subjects: [{ kind: "ServiceAccount", name: "rolloutguard" }],
  };
}

/** Tokens are reviewed for the whole cluster, wherever the operator guards. Who reads is bound to the second role by hand. */
function secureMetricsRoles() {
  const name = "rolloutguard-metrics-reviews";
  const reader = { nonResourceURLs: ["/metrics"], verbs: ["get"] };
  return [
    role("ClusterRole", name, CALLS_FOR_SECURE_METRICS.map(ruleFor)),
    binding("ClusterRoleBinding", "ClusterRole", name),
    { ...role("ClusterRole", "rolloutguard-metrics-reader", []), rules: [reader] },
  ];
}

/**
 * Adds the custom resources to the roles that every cluster gives people: who may view sees guards and Incidents, who
 * may edit writes guards, deletes Incidents, and opens them and writes their end for a rollback by hand (`kubectl
 * rolloutguard rollback`). They could do all that an Incident leads to anyway, since they may change Deployments.
 */
function userRoles() {
  const aggregated = (name: string, into: readonly string[], rules: readonly PolicyRule[]) => ({
    ...role("ClusterRole", name, rules),
    metadata: {
      name,
      labels: {
        ...LABELS,
        ...Object.fromEntries(into.map((to) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, "true"])),
      },
    },
  });
  const rule = (resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
    apiGroups: [GROUP],
    resources,
    verbs,
  });
  return [
    aggregated(
      "rolloutguard-view",
      ["view", "edit", "admin"],
      [rule([ROLLOUT_GUARD_PLURAL, INCIDENT_PLURAL], ["get", "list", "watch"])],
    ),
    aggregated(
      "rolloutguard-edit",
      ["edit", "admin"],
      [
        rule([ROLLOUT_GUARD_PLURAL], ["create", "update", "patch", "delete", "deletecollection"]),
        rule([INCIDENT_PLURAL], ["create", "delete", "deletecollection"]),
        rule([`${INCIDENT_PLURAL}/status`], ["patch"]),
      ],
    ),
  ];
}
