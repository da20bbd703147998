// Progress: one line that is written anew on a terminal; elsewhere a line whenever something has happened.
import { painter, type Terminal } from "../terminal.ts";
import { shown } from "./paragraph.ts";

const RETURN_AND_CLEAR = "\r\u001B[2K";

export class ProgressLine {
  readonly #terminal: Terminal;
  #said = "";
  #isOpen = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** `ticks` is what changes with every look. */
  show(says: string, ticks: string | undefined): void {
    const terminal = this.#terminal;
    const { isWatched, columns } = terminal;
    if (!isWatched) {
      if (says !== this.#said) terminal.out(`${shown(says)}\n`);
      this.#said = says;
      return;
    }
    const text = shown(says).replaceAll("\n", " ");
    const end = ticks === undefined ? "" : ` (${ticks})`;
    const room = columns - 1 - end.length;
    const line = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
    terminal.out(RETURN_AND_CLEAR + painter(terminal)("dim", line + end));
    this.#isOpen = true;
  }

  /** What comes next begins on a line of its own. */
  end(): void {
    if (this.#isOpen) this.#terminal.out(RETURN_AND_CLEAR);
    this.#isOpen = false;
  }
}
