// Sentences that hold what anybody may have written, as they may be shown; in lines on a terminal.
import { withoutSecrets } from "../../domain/masking/secret-patterns.ts";
import { plainText } from "../../domain/plain-text.ts";
import type { Terminal } from "../terminal.ts";
import { wrapped } from "./wrapped-text.ts";

/** Nothing in it steers the terminal, and no secret is seen. */
export function shown(text: string): string {
  return withoutSecrets(plainText(text));
}

/** The text with a line feed at its end; broken into lines for whoever looks on. Words are no longer in colours then. */
export function paragraph(
  text: string,
  { isWatched, columns }: Pick<Terminal, "isWatched" | "columns">,
  indent = "",
): string {
  const plain = shown(text);
  return `${isWatched ? wrapped(plain, columns, indent) : indent + plain.replaceAll("\n", " ")}\n`;
}
