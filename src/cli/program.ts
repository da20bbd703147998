// kubectl-rolloutguard as a whole: finds the command, runs it, and makes an exit code of how it ended.
import { Command, CommanderError } from "commander";
import { VERSION } from "../version.ts";
import type { CommandDefinition } from "./command-definition.ts";
import { CommandError, EXIT_CODES, type ExitCode } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

export type CommandTable = Readonly<Record<string, CommandDefinition>>;

/** Help stays readable on wide terminals and fits the narrow ones. */
const HELP_COLUMNS = 80;

/** Runs the command line; never rejects for what its user can mend. */
export async function runProgram(
  args: readonly string[],
  terminal: Terminal,
  table: CommandTable,
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT_CODES.fine;
  const program = buildProgram(table, terminal, async (definition, command) => {
    const options = command.opts();
    exitCode = await definition.run({ args: command.args, options, terminal });
  });
  try {
    // Without a command: help, as kubectl does.
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.exitCode === 0 ? EXIT_CODES.fine : EXIT_CODES.usage;
    }
    if (!(error instanceof CommandError)) throw error;
    terminal.err(`error: ${error.message}\n`);
    return error.exitCode;
  }
}

/** The commands as commander knows them; `run` is told which one was asked for. */
export function buildProgram(
  table: CommandTable,
  terminal: Terminal,
  run: (definition: CommandDefinition, command: Command) => Promise<void>,
): Command {
  const program = new Command("kubectl rolloutguard");
  program
    .description("Finds, explains and undoes bad rollouts of Kubernetes Deployments.")
    .version(VERSION, "--version", "show the version")
    .helpOption("-h, --help", "show this text")
    .helpCommand("help [COMMAND]", "show the help of a command")
    .addHelpText(
      "after",
      "\nExample: kubectl rolloutguard lint -f k8s/\n`kubectl rolloutguard COMMAND --help` says more of each.",
    );
  program.enablePositionalOptions();
  configure(program, terminal);
  for (const [name, definition] of Object.entries(table)) {
    const command = program.command(name, { hidden: definition.isHidden ?? false });
    configure(command, terminal);
    command.helpOption("-h, --help", "show this text");
    definition.define(command);
    command.action(() => run(definition, command));
  }
  return program;
}

function configure(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .configureHelp({
      helpWidth: HELP_COLUMNS,
      // Choices and defaults stand in the descriptions, in fewer words.
      optionDescription: ({ description }) => description,
      argumentDescription: ({ description }) => description,
      subcommandTerm: (subcommand) => subcommand.name(),
    })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHasColors: () => terminal.hasColours,
      getErrHasColors: () => terminal.hasColours,
      outputError: (text, write) => write(withHint(text, command)),
    });
}

function withHint(text: string, command: Command): string {
  const path = [...(command.parent ? [command.parent.name()] : []), command.name()].join(" ");
  return `${text.trimEnd()}\nSee \`${path} --help\`.\n`;
}
