// Markdown as the generated pages need it.

/** Opens each generated page. */
export function pageHead(title: string, source: string): string {
  return `<!-- Written by \`npm run generate\` from ${source}; change it there. -->\n# ${title}\n`;
}

/** A table. Cells may hold Markdown; bars and line ends in them are taken care of. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll(/\s+/g, " ");
}
