// Pages of labelled parts, for reports of one thing.
import { painter, type Terminal } from "../terminal.ts";
import { wrapped } from "./wrapped-text.ts";

export interface PagePart {
  readonly label: string;
  /** Paragraphs; `verbatim` lines are not broken, for they are to be copied. */
  readonly says: readonly (string | { readonly verbatim: string })[];
}

/** Sentences are easier to read when lines are not too long. */
const WIDEST = 110;

/** The parts that say something, each label in a column of its own. */
export function pageText(
  title: string,
  parts: readonly PagePart[],
  look: Pick<Terminal, "columns" | "hasColours">,
): string {
  const paint = painter(look);
  const reported = parts.filter(({ says }) => says.length > 0);
  const indent = Math.max(...reported.map(({ label }) => label.length)) + 2;
  const blocks = reported.map(({ label, says }) => {
    const text = says
      .map((one) => paragraph(one, Math.min(look.columns, WIDEST), " ".repeat(indent)))
      .join("\n");
    return paint("bold", label.padEnd(indent)) + text.slice(indent);
  });
  return `${[title, ...blocks].join("\n")}\n`;
}

function paragraph(text: PagePart["says"][number], columns: number, indent: string): string {
  if (typeof text !== "string") return text.verbatim.replace(/^/gm, indent);
  // The lines of a list below its mark.
  const hanging = /^(?:- |\d\d:\d\d:\d\d UTC )/.exec(text)?.[0].length ?? 0;
  const [first = "", ...rest] = wrapped(text, columns - hanging, indent).split("\n");
  return [first, ...rest.map((line) => " ".repeat(hanging) + line)].join("\n");
}
