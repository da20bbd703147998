// The roles in config/: for the operator from the table of its calls, for people from the kinds that they write and read.
import { type ApiCall, CALLS_BY_CHOICE } from "../../src/kube/api-calls.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { manifestText } from "./manifest-text.ts";
import {
  EDIT_RULES,
  GUARDING_RULES,
  METRICS_REVIEW_RULES,
  OWN_RULES,
  type PolicyRule,
  ruleFor,
  VIEW_RULES,
} from "./policy-rules.ts";

const API_VERSION = "rbac.authorization.k8s.io/v1";
const LABELS = { "app.kubernetes.io/name": "rolloutguard", "app.kubernetes.io/part-of": "rolloutguard" };
const CALLS = "src/kube/api-calls.ts";

export function generateRoles(): GeneratedFile[] {
  return [
    file("rbac/cluster/cluster-role.yaml", CALLS, role("ClusterRole", "rolloutguard", GUARDING_RULES)),
    file("rbac/namespace/role.yaml", CALLS, role("Role", "rolloutguard", GUARDING_RULES)),
    file("operator/lease-role.yaml", CALLS, role("Role", "rolloutguard-lease", OWN_RULES), leaseBinding()),
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
    role("ClusterRole", name, METRICS_REVIEW_RULES),
    binding("ClusterRoleBinding", "ClusterRole", name),
    { ...role("ClusterRole", "rolloutguard-metrics-reader", []), rules: [reader] },
  ];
}

/** Adds the custom resources to the roles that every cluster gives people. */
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
  return [
    aggregated("rolloutguard-view", ["view", "edit", "admin"], VIEW_RULES),
    aggregated("rolloutguard-edit", ["edit", "admin"], EDIT_RULES),
  ];
}
