// The documents of a YAML stream, one at a time: what is parsed of one is no longer needed for the next.

export interface DocumentText {
  readonly text: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** Start and end of documents, which stand at the beginning of a line and nowhere else. */
const MARKER = /(?<=^|\n)(?:---|\.\.\.)(?=\s|$)/g;

/** Nothing but comments, and directives that belong to the document behind them. */
const DIRECTIVES = /^(?:(?:#.*|%.*)?\r?\n)*$/;

export function* splitDocuments(text: string): Iterable<DocumentText> {
  let [start, line] = [0, 1];
  for (const { 0: marker, index } of text.matchAll(MARKER)) {
    const end = marker === "---" ? index : index + marker.length;
    if (marker === "---" && isDirectives(text, start, index)) continue;
    if (end > start) yield { text: text.slice(start, end), line };
    line += linesIn(text, start, end);
    start = end;
  }
  if (start < text.length) yield { text: text.slice(start), line };
}

function isDirectives(text: string, start: number, end: number): boolean {
  if (!text.startsWith("%", start) && !text.slice(start, end).includes("\n%")) return false;
  return DIRECTIVES.test(text.slice(start, end));
}

function linesIn(text: string, start: number, end: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", start); at !== -1 && at < end; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
