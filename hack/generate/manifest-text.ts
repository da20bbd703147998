// A generated manifest as YAML, with where it comes from at its top.
import { stringify } from "yaml";

/** The text of one object or of several; `source` is the file or folder to change instead. */
export function manifestText(source: string, ...objects: readonly object[]): string {
  const texts = objects.map((object) => stringify(object, { lineWidth: 110, aliasDuplicateObjects: false }));
  return `# Written by \`npm run generate\` from ${source}; change it there.\n${texts.join("---\n")}`;
}
