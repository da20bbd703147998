// Runs a command line in a test, and keeps what it says.
import { COMMANDS } from "../command-table.ts";
import type { ExitCode } from "../exit-codes.ts";
import { runProgram } from "../program.ts";
import type { Terminal } from "../terminal.ts";

export interface CommandRun {
  readonly exitCode: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings
  extends Partial<
    Pick<
      Terminal,
      "columns" | "isWatched" | "onResize" | "hasColours" | "isInputTyped" | "onLine" | "interrupted"
    >
  > {
  readonly input?: string;
  /** Sees what is written when it is written. */
  readonly onOut?: (text: string) => void;
  /** What is typed when it asks; it may do something before. */
  readonly answer?: (question: string) => string | Promise<string>;
}

export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandRun> {
  const { terminal, said } = testTerminal(surroundings);
  const exitCode = await runProgram(args, terminal, COMMANDS);
  return { exitCode, ...said() };
}

/** A terminal at which nobody looks, and what was written there. */
export function testTerminal({ input = "", answer = () => "", onOut, ...surroundings }: Surroundings = {}) {
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    out: (text) => {
      out += text;
      onOut?.(text);
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => input,
    ask: async (question) => {
      out += `${question}\n`;
      return answer(question);
    },
    onLine: () => () => {},
    interrupted: () => new Promise(() => {}),
    isInputTyped: false,
    isWatched: false,
    columns: 80,
    onResize: () => () => {},
    hasColours: false,
    ...surroundings,
  };
  return { terminal, said: () => ({ out, err }) };
}
