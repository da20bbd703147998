// docs/reference/permissions.md: what the operator asks of the API server, and why.
import {
  type ApiCall,
  CALLS_BY_CHOICE,
  CALLS_FOR_SECURE_METRICS,
  CALLS_IN_GUARDED_NAMESPACES,
  CALLS_IN_OWN_NAMESPACE,
} from "../../src/kube/api-calls.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { code, pageHead, table } from "./markdown.ts";

export function generatePermissionsPage(): GeneratedFile {
  const calls = (rows: readonly ApiCall[]) =>
    table(
      ["API group", "Resource", "Verbs", "What for"],
      rows.map(({ group, resource, subresource, verbs, why }) => [
        group || "(core)",
        code(subresource === undefined ? resource : `${resource}/${subresource}`),
        verbs.join(", "),
        why,
      ]),
    );
  const text = `${pageHead("Permissions", "src/kube/api-calls.ts")}
All permissions of the operator. The roles in \`config/\` are generated from this table, and a test compares it with the requests
that the operator sends. The operator reads no Secrets and no ConfigMaps, and changes only the objects listed here.

## In guarded namespaces

Granted by a ClusterRole (\`config/rbac/cluster\`), or by a Role in a single namespace (\`config/rbac/namespace\`).

${calls(CALLS_IN_GUARDED_NAMESPACES)}

## Optional

Granted by a kustomize component (${CALLS_BY_CHOICE.map(({ component }) => code(`config/components/${component}`)).join(", ")}), and used only for guards that enable the feature.

${calls(CALLS_BY_CHOICE)}

## For metrics with authorization

Granted by the kustomize component \`config/components/secure-metrics\` with a ClusterRole, because reviews are not namespaced. The
component also contains the ClusterRole \`rolloutguard-metrics-reader\` (get \`/metrics\`) for the account of Prometheus.

${calls(CALLS_FOR_SECURE_METRICS)}

## In the operator's namespace

Granted by a Role (\`config/operator/lease-role.yaml\`). All verbs except create are limited to the Lease ${CALLS_IN_OWN_NAMESPACE.map(({ name }) => code(name)).join(", ")}.

${calls(CALLS_IN_OWN_NAMESPACE)}

## Granted to every authenticated client

The operator reads \`/version\` and the discovery documents below \`/apis\`.
`;
  return { path: "docs/reference/permissions.md", text };
}
