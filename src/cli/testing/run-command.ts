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

export interface Surroundings extends Partial<Pick<Terminal, "columns" | "hasColours" | "isInputTyped">> {
  readonly input?: string;
  /** What is typed when it asks; it may do something before. */
  readonly answer?: (question: string) => string | Promise<string>;
}

export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandRun> {
  const {
    input = "",
    answer = () => "",
    columns = 80,
    hasColours = false,
    isInputTyped = false,
  } = surroundings;
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => input,
    ask: async (question) => {
      out += `${question}\n`;
      return answer(question);
    },
    isInputTyped,
    isWatched: false,
    columns,
    hasColours,
  };
  const exitCode = await runProgram(args, terminal, COMMANDS);
  return { exitCode, out, err };
}
