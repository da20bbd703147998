// Progress: one line that is updated on a terminal; elsewhere a line whenever something has happened.
import { painter, type Terminal } from "../terminal.ts";
import { shown } from "./paragraph.ts";

const RETURN_AND_CLEAR = "\r\u001B[2K";

/** What is shown: the sentence, and one for narrow terminals; `ticks` is what changes all the time. */
export interface Progress {
  readonly says: string;
  readonly short?: string | undefined;
  readonly ticks?: string | undefined;
}

export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #stopListening: () => void;
  #said = "";
  #open: Progress | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#stopListening = terminal.onResize(() => this.#open && this.show(this.#open));
  }

  show(progress: Progress): void {
    const { says, short = says, ticks } = progress;
    const terminal = this.#terminal;
    const { isWatched, columns } = terminal;
    if (!isWatched) {
      if (says !== this.#said) terminal.out(`${shown(says)}\n`);
      this.#said = says;
      return;
    }
    const end = ticks === undefined ? "" : ` (${ticks})`;
    const room = columns - 1 - end.length;
    const whole = shown(says).replaceAll("\n", " ");
    const text = whole.length > room ? shown(short).replaceAll("\n", " ") : whole;
    const line = text.length > room ? `${text.slice(0, Math.max(0, room - 1))}…` : text;
    terminal.out(RETURN_AND_CLEAR + painter(terminal)("dim", line + end));
    this.#open = progress;
  }

  /** What comes next begins on a line of its own. */
  end(): void {
    if (this.#open) this.#terminal.out(RETURN_AND_CLEAR);
    this.#open = undefined;
    this.#stopListening();
  }
}
