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
What the operator may do, and all that it ever does: a test plays everything and compares its requests with this table, both
ways. The roles in \`config/\` are written from it. It reads no Secrets and no ConfigMaps, and changes no object but these.

## In the namespaces that it guards

By a ClusterRole (\`config/rbac/cluster\`), or by a Role in one namespace (\`config/rbac/namespace\`).

${calls(CALLS_IN_GUARDED_NAMESPACES)}

## Where you choose to

Only with a component of kustomize (${CALLS_BY_CHOICE.map(({ component }) => code(`config/components/${component}`)).join(", ")}), and only for guards that ask for it.

${calls(CALLS_BY_CHOICE)}

## For metrics that only some can read

Only with the component of kustomize \`config/components/secure-metrics\`, by a ClusterRole: these questions are about no namespace.
The component brings the ClusterRole \`rolloutguard-metrics-reader\` too (get \`/metrics\`), for the account of Prometheus.

${calls(CALLS_FOR_SECURE_METRICS)}

## In its own namespace

By a Role (\`config/operator/lease-role.yaml\`); all but create for the one Lease ${CALLS_IN_OWN_NAMESPACE.map(({ name }) => code(name)).join(", ")} only.

${calls(CALLS_IN_OWN_NAMESPACE)}

## What every client may do

It asks \`/version\` and which resources there are (\`/apis/...\`), as Kubernetes allows every authenticated client.
`;
  return { path: "docs/reference/permissions.md", text };
}
