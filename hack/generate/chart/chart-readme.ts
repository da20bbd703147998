// The README of the Helm chart, with the table of its values.
import { code, pageHead, table } from "../markdown.ts";
import { listValues } from "./values-file.ts";

export function chartReadme(): string {
  const rows = listValues().map(({ path, description, byDefault }) => [
    code(path),
    description,
    byDefault === undefined ? "" : code(JSON.stringify(byDefault)),
  ]);
  return `${pageHead("RolloutGuard, the Helm chart", "hack/generate/chart")}
The chart installs what \`kubectl apply -k config/default\` installs. No image is published yet:
[build one](../../docs/getting-started/install.md#build-the-image), and say where it is.

\`\`\`sh
helm install rolloutguard charts/rolloutguard --namespace rolloutguard-system --create-namespace \\
  --set image.registry=registry.example.com
\`\`\`

To watch two namespaces only, each with a Role of its own, add \`--set 'watch.namespaces={shop,payments}'\`.

## Upgrade and uninstall
\`helm upgrade\` upgrades the CustomResourceDefinitions too. \`helm uninstall\` keeps them, and with them guards and Incidents, unless you
set \`crds.keep=false\`. A release of the same name in the same namespace adopts what was kept. To adopt CustomResourceDefinitions that
\`kubectl\` applied, add \`--take-ownership\` once.

## Values
A name that is not in this table is refused.

${table(["Value", "Meaning", "Default"], rows)}
`;
}
