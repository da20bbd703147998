// docs/reference/settings.md: every setting of the operator.
import { SETTINGS } from "../../src/operator/settings-table.ts";
import type { GeneratedFile } from "./generated-file.ts";
import { code, pageHead, table } from "./markdown.ts";

export function generateSettingsPage(): GeneratedFile {
  const rows = Object.values(SETTINGS).map(({ flag, variable, kind, byDefault, emptyMeans, help }) => [
    code(flag),
    code(variable),
    byDefault ? code(byDefault) : (emptyMeans ?? ""),
    help,
    kind.allowed,
  ]);
  const text = `${pageHead("Settings", "src/operator/settings-table.ts")}
Each setting is a flag or an environment variable. A flag wins over its variable, an empty variable is no variable,
and a value that is not allowed stops the start with its name and what is allowed.

${table(["Flag", "Variable", "Default", "Meaning", "Allowed"], rows)}

\`--help\` shows the flags, \`--version\` the version.
`;
  return { path: "docs/reference/settings.md", text };
}
