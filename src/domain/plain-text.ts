// Texts from the cluster as they may be shown and stored: printable, valid Unicode, of bounded length. Pure.

/** The colours, cursor movements and titles that applications write to their terminals. */
const ESCAPE = String.fromCharCode(27);
const BELL = String.fromCharCode(7);
const TERMINAL_SEQUENCE = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${BELL}${ESCAPE}]{0,500}(?:${BELL}|${ESCAPE}\\\\)|[()][0-9A-Z])`,
  "g",
);
/**
 * Control characters but line feed and tab, what turns the direction of writing, what has no width, halves of
 * characters. The API server itself replaces such halves, so that what is read back would differ from what was written.
 */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cs}\p{Bidi_Control}\u200B\u2028\u2029\u2060\uFEFF]/u;
const EACH_UNPRINTABLE = new RegExp(UNPRINTABLE, "gu");

/** The text without terminal sequences and carriage returns; other characters that cannot be shown become U+FFFD. */
export function plainText(text: string): string {
  if (!UNPRINTABLE.test(text)) return text;
  return text.replace(TERMINAL_SEQUENCE, "").replaceAll("\r", "").replace(EACH_UNPRINTABLE, "\uFFFD");
}

const ELLIPSIS = "…";
const ELLIPSIS_BYTES = 3;
const encoder = new TextEncoder();

/** The plain text in at most so many bytes of UTF-8, never cut inside a character. */
export function shortText(text: string, mostBytes: number): string {
  // A character has at least one byte, so what lies beyond is cut in any case and need not be looked at.
  const plain = plainText(text.slice(0, mostBytes + 1));
  if (text.length <= mostBytes && fits(plain, mostBytes)) return plain;
  const { read } = encoder.encodeInto(plain, new Uint8Array(mostBytes - ELLIPSIS_BYTES));
  return plain.slice(0, read) + ELLIPSIS;
}

function fits(text: string, mostBytes: number): boolean {
  return text.length * 3 <= mostBytes || encoder.encode(text).length <= mostBytes;
}
