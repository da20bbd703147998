// A page about one word: its head is generated from the word's table, the rest is written by hand and held to a form.
import type { Topic } from "./topics.ts";

/** Comment, title, blank line, summary, what such a word is, blank line. */
const HEAD_LINES = 6;
/** What somebody reads at night has an end. */
const MOST_LINES = 60;

/** The page with the head that it should have; of a page that is not there, a form to fill in. */
export function withHead(text: string | undefined, { word, says, kind }: Topic): string {
  const head = [
    `<!-- Title and summary come from ${kind.source} by \`npm run generate\`; the rest is written by hand. -->`,
    `# ${word}`,
    "",
    `**${says}**`,
    kind.is,
    "",
  ];
  const body =
    text === undefined
      ? kind.headings.map((heading) => `## ${heading}\n`).join("\n")
      : text.split("\n").slice(HEAD_LINES).join("\n");
  return `${head.join("\n")}\n${body}`;
}

/** What the page lacks: what the word means, a heading, or the text below one. */
export function faultsOf(text: string, { kind, path }: Topic): readonly string[] {
  const [head = "", ...sections] = text.split(/^## /m);
  const found = sections.map((section) => section.split("\n", 1)[0] ?? "");
  const empty = sections.filter((section) => section.split("\n").slice(1).join("").trim() === "");
  const lines = text.split("\n").length;
  return [
    ...(found.join() === kind.headings.join() ? [] : [`the headings must be ${kind.headings.join(", ")}`]),
    ...(head.split("\n").slice(HEAD_LINES).join("").trim() === "" ? ["it must say first what it means"] : []),
    ...empty.map((section) => `nothing stands below ${section.trim()}`),
    ...(lines > MOST_LINES ? [`it has ${lines} lines, more than ${MOST_LINES}`] : []),
  ].map((fault) => `${path}: ${fault}`);
}
