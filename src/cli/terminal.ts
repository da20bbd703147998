// Where a command writes and reads: a terminal, a pipe, or a test.
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { styleText } from "node:util";

export interface Terminal {
  /** For results. */
  out(text: string): void;
  /** For what is not a result: errors, notes and progress. */
  err(text: string): void;
  /** Everything that comes by stdin. */
  readInput(): Promise<string>;
  /** Calls with every line of stdin as it comes, until the returned function is called. */
  onLine(take: (line: string) => void): () => void;
  /** Resolves when the command is asked to end, by Ctrl-C or SIGTERM. */
  interrupted(): Promise<void>;
  /** Asks whoever types, and resolves with what is typed; empty at the end of the input. */
  ask(question: string): Promise<string>;
  /** Somebody types there. */
  readonly isInputTyped: boolean;
  /** Somebody looks at what goes out. */
  readonly isWatched: boolean;
  /** How wide lines may be at this moment. */
  readonly columns: number;
  /** Calls when the terminal gets another width, until the returned function is called. */
  onResize(resized: () => void): () => void;
  readonly hasColours: boolean;
}

/** Lines of results in files and pipes are as long as on a usual terminal. */
const USUAL_COLUMNS = 80;
/** Less would break every line; a terminal breaks them itself. */
const NARROWEST = 40;

/** That of the process. No colours when nobody looks, with NO_COLOR, and where TERM is dumb. */
export function processTerminal({ stdin, stdout, stderr, env }: NodeJS.Process = process): Terminal {
  const isWatched = stdout.isTTY === true;
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    readInput: () => text(stdin),
    onLine: (take) => {
      const lines = createInterface({ input: stdin }).on("line", take);
      return () => lines.close();
    },
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      }),
    ask: (question) => ask(question, stdin, stdout),
    isInputTyped: stdin.isTTY === true,
    isWatched,
    get columns() {
      // Some terminals do not know how wide they are, and say 0.
      return isWatched ? Math.max(NARROWEST, stdout.columns || USUAL_COLUMNS) : USUAL_COLUMNS;
    },
    onResize: (resized) => {
      stdout.on("resize", resized);
      return () => stdout.off("resize", resized);
    },
    hasColours: isWatched && !env.NO_COLOR && env.TERM !== "dumb",
  };
}

async function ask(question: string, input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<string> {
  const lines = createInterface({ input, output });
  const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("")));
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}

export type Colour = Parameters<typeof styleText>[0];

/** Colours texts, or leaves them as they are. */
export function painter({ hasColours }: Pick<Terminal, "hasColours">) {
  return (colour: Colour, text: string): string =>
    hasColours ? styleText(colour, text, { validateStream: false }) : text;
}
