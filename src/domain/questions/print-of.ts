// A short print of what a question asks, for its key: an answer to another wording is no answer. Pure.

/** FNV-1a of the JSON, in base 36. It guards nothing. */
export function printOf(asked: readonly unknown[]): string {
  const text = JSON.stringify(asked);
  let print = 0x811c9dc5;
  for (const letter of text) print = Math.imul(print ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (print >>> 0).toString(36);
}
