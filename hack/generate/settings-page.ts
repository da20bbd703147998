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
Each setting is a flag or an environment variable. Flags take precedence; an empty variable counts as not set. The operator
does not start with an invalid value: the error names the setting and the values that it accepts.

${table(["Flag", "Variable", "Default", "Meaning", "Allowed"], rows)}

\`--help\` shows the flags, and \`--version\` shows the version.
`;
  return { path: "docs/reference/settings.md", text };
}
