// docs/adr/index.md: the architecture decision records, with what each decides and whether it still holds.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GeneratedFile } from "../generated-file.ts";
import { pageHead, table } from "../markdown.ts";

const FOLDER = join(import.meta.dirname, "../../../docs/adr");

export function generateDecisionsPage(): GeneratedFile {
  const names = readdirSync(FOLDER).filter((name) => /^\d{4}-.*\.md$/.test(name));
  const rows = names.sort().map((name) => {
    const text = readFileSync(join(FOLDER, name), "utf8");
    const [, title] = /^# \d+\. (.+)$/m.exec(text) ?? [];
    const [, status] = /^Status: (.+)$/m.exec(text) ?? [];
    if (title === undefined || status === undefined)
      throw new Error(`docs/adr/${name} has no title or status`);
    return [name.slice(0, 4), `[${title}](${name})`, status];
  });
  const text = `${pageHead("Decisions", "the files of this folder")}
What was decided about RolloutGuard, what was considered, and why. A decision that changes gets a new record; the old one stays and names it.

${table(["Number", "Decision", "Status"], rows)}
`;
  return { path: "docs/adr/index.md", text };
}
