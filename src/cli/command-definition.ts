// What a command is: one such object, made by defineCommand or defineClusterCommand, and its line in command-table.ts.
import type { Argument, Command } from "commander";
import { CLUSTER_FLAGS, type ClusterFlags } from "./cluster-flags.ts";
import type { ExitCode } from "./exit-codes.ts";
import { type Flags, type FlagValues, readFlags } from "./flags.ts";
import type { Terminal } from "./terminal.ts";

export interface CommandDefinition {
  /** Adds description, arguments, flags and examples. */
  readonly define: (command: Command) => void;
  /** Rejects with CommandError when it cannot do it. */
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
  /** What can be written as its argument, beside the choices that are declared; it can ask the cluster. */
  readonly complete?: ((flags: ClusterFlags) => Promise<readonly string[]>) | undefined;
  /** Its arguments are files, for the shell to complete. */
  readonly takesFiles?: boolean | undefined;
  /** Not shown in help. */
  readonly isHidden?: boolean | undefined;
}

/** A command line as commander has read it. */
export interface Invocation {
  readonly args: readonly string[];
  /** By the camelCase names of the long flags. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly terminal: Terminal;
}

/** What commands say of themselves. */
export interface CommandText<F extends Flags> {
  /** A line in the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** What follows the command's name, in short. */
  readonly usage?: string | undefined;
  readonly argument?: string | Argument | undefined;
  readonly flags: F;
  readonly examples: readonly string[];
  /** What its exit codes mean: "0 fine, 2 wrong usage". */
  readonly exitCodes: string;
}

interface CommandParts<F extends Flags>
  extends CommandText<F>,
    Pick<CommandDefinition, "complete" | "takesFiles"> {
  readonly run: (invocation: Invocation & { readonly flags: FlagValues<F> }) => Promise<ExitCode>;
}

/** A command with flags whose values are read and checked before it runs. */
export function defineCommand<F extends Flags>(parts: CommandParts<F>): CommandDefinition {
  const { summary, description, usage, argument, flags, examples, exitCodes, run } = parts;
  return {
    define(command) {
      const reachesCluster = Object.values(flags).some(
        ({ option }) => option === CLUSTER_FLAGS.context.option,
      );
      command.summary(summary).description(description);
      if (usage !== undefined) command.usage(usage);
      if (typeof argument === "string") command.argument(argument);
      else if (argument !== undefined) command.addArgument(argument);
      for (const { option } of Object.values(flags)) command.addOption(option);
      const lines = ["Examples:", ...examples.map((example) => `  ${example}`), `Exit codes: ${exitCodes}`];
      if (reachesCluster) lines.push("Global flags: kubectl rolloutguard options");
      command.addHelpText("after", `\n${lines.join("\n")}`);
    },
    run: (invocation) => run({ ...invocation, flags: readFlags(flags, invocation.options) }),
    complete: parts.complete,
    takesFiles: parts.takesFiles,
  };
}
