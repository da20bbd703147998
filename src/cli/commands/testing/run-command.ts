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
}

export async function runCommand(
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<CommandRun> {
  const { input = "", columns = 80, hasColours = false, isInputTyped = false } = surroundings;
  let [out, err] = ["", ""];
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => input,
    isInputTyped,
    isWatched: false,
    columns,
    hasColours,
  };
  const exitCode = await runProgram(args, terminal, COMMANDS);
  return { exitCode, out, err };
}
