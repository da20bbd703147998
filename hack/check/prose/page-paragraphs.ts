// The prose of a Markdown page, for `npm run prose`. Pure.
import type { VisibleText } from "./visible-strings.ts";

/** Stands for quoted code. */
const CODE = "{}";

/**
 * Each paragraph in one line, so that a phrase is found although it is broken over two; code is left out, for what it shows
 * comes from the source.
 */
export function pageParagraphs(page: string): readonly VisibleText[] {
  const prose = page
    .replaceAll(/^[ \t]*(```|~~~)[\s\S]*?^[ \t]*\1/gm, withoutLetters)
    .replaceAll(/<!--[\s\S]*?-->/g, withoutLetters)
    .replaceAll(/`[^`\n]+`/g, CODE)
    .replaceAll(/\]\([^)\s]*\)/g, "]");
  const paragraphs: { text: string; readonly line: number }[] = [];
  let isInParagraph = false;
  for (const [index, line] of prose.split("\n").entries()) {
    const text = line.trim();
    const last = paragraphs.at(-1);
    if (text === "") isInParagraph = false;
    else if (isInParagraph && last !== undefined && !STARTS_NEW.test(text)) last.text += ` ${text}`;
    else {
      paragraphs.push({ text, line: index + 1 });
      isInParagraph = true;
    }
  }
  return paragraphs;
}

/** A heading, an item of a list, or a row of a table. */
const STARTS_NEW = /^(?:#|[-*+] |\d+\. |\|)/;

/** The lines stay, so that those after them keep their numbers. */
function withoutLetters(code: string): string {
  return code.replaceAll(/[^\n]/g, "");
}
