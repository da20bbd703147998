// What a command is: a command of kubectl-rolloutguard is one such object, and its line in command-table.ts.
import type { Command } from "commander";
import type { ExitCode } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export interface CommandDefinition {
  /** Adds description, arguments, options and examples (`withExamples`). */
  readonly define: (command: Command) => void;
  /** Rejects with CommandError when it cannot do it. */
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
  /** What may be written as its argument, beside the choices that are declared; may ask the cluster. */
  readonly complete?: ((options: Record<string, unknown>) => Promise<readonly string[]>) | undefined;
  /** Its arguments are files, for the shell to complete. */
  readonly takesFiles?: boolean | undefined;
  /** Not shown in help. */
  readonly isHidden?: boolean | undefined;
}

export interface Invocation {
  readonly args: readonly string[];
  /** By the camelCase names of the long flags; read it with `command.opts<…>()`-like types. */
  readonly options: Record<string, unknown>;
  readonly terminal: Terminal;
}

/** Examples, and what the exit codes mean, at the end of a command's help. */
export function withExamples(command: Command, examples: readonly string[], exitCodes: string): Command {
  const lines = ["Examples:", ...examples.map((example) => `  ${example}`), `Exit codes: ${exitCodes}`];
  return command.addHelpText("after", `\n${lines.join("\n")}`);
}
