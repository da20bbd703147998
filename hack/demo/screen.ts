// Where the demo writes: wrapped, coloured lines, and on a terminal one line at the bottom that tells what goes on now.
import { stripVTControlCharacters, styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** A label or two in front, and text that is wrapped beside it. */
export interface Row {
  readonly label: string;
  readonly labelStyle?: Style | undefined;
  readonly text: string;
  readonly style?: Style | undefined;
}

const WIDEST = 118;
const WITHOUT_TERMINAL = 110;

export class Screen {
  readonly #output: NodeJS.WriteStream;
  #status = "";

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  get width(): number {
    return Math.max(60, Math.min(WIDEST, this.#output.columns ?? WITHOUT_TERMINAL));
  }

  /** The text in a style, where the output shows styles (NO_COLOR and FORCE_COLOR are heeded). */
  paint(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#output });
  }

  /** Writes lines above the bottom line. */
  write(...lines: readonly string[]): void {
    const status = this.#status;
    this.status("");
    for (const line of lines) this.#output.write(`${line}\n`);
    this.status(status);
  }

  /** Writes a row; the text goes on under itself, not under the label. */
  row({ label, labelStyle = "dim", text, style }: Row): void {
    const indent = stripVTControlCharacters(label).length;
    const lines = wrap(text, this.width - indent);
    this.write(
      ...lines.map((line, index) => {
        const before = index === 0 ? this.paint(labelStyle, label) : " ".repeat(indent);
        return before + (style === undefined ? line : this.paint(style, line));
      }),
    );
  }

  /** Writes a headline, after an empty line. */
  heading(text: string): void {
    this.status("");
    const rule = "─".repeat(Math.max(4, this.width - text.length - 4));
    this.write("", this.paint("bold", `── ${text} ${rule}`));
  }

  /** Writes a sentence, set in a little. */
  say(text: string, style?: Style): void {
    this.row({ label: "  ", text, style });
  }

  /** Sets the bottom line; without a terminal there is none. */
  status(text: string): void {
    if (!this.#output.isTTY || text === this.#status) return;
    this.#status = text;
    const shown = text.slice(0, Math.min(this.width, this.#output.columns) - 1);
    this.#output.write(`\r\u001B[2K${shown === "" ? "" : this.paint("dim", shown)}`);
  }
}

/** The text in lines of at most that many characters, broken at spaces. Longer words stay whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
