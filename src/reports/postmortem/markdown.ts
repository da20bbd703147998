// Texts as they may stand in Markdown.

/** Of what a text may hold by chance, these would become links, emphasis, code or HTML. */
const SIGNS = /[\\`*_[\]<>|#~]/g;

/** One line in which nothing is taken for Markdown. */
export function markdownText(text: string): string {
  return oneLine(text).replace(SIGNS, "\\$&");
}

/** The text as code, whatever backticks it holds. */
export function codeText(text: string): string {
  const line = oneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** Lines as they are, in a block of their own; below a list's item when it is indented. `language`: "sh", "text". */
export function codeBlock(language: string, text: string, indent = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return [fence + language, ...text.split("\n"), fence].map((line) => indent + line).join("\n");
}

/** What only people know, to be filled in. */
export function blank(what: string): string {
  return `_to be filled in: ${what}_`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
