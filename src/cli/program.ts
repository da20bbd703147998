// kubectl-rolloutguard as a whole: finds the command, runs it, and makes an exit code of how it ended.
import { Command, CommanderError, Help, type Option } from "commander";
import { VERSION } from "../version.ts";
import { CLUSTER_FLAGS } from "./cluster-flags.ts";
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
    exitCode = await definition.run({ args: command.args, options: optionsOf(command), terminal });
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

/** What was written for the command; where it has a value before the command and behind it, the one behind it counts. */
function optionsOf(command: Command): Readonly<Record<string, unknown>> {
  const given = (of: Command | null) =>
    Object.entries(of?.opts() ?? {}).filter(([name]) => of?.getOptionValueSource(name) === "cli");
  return { ...command.opts(), ...Object.fromEntries([...given(command.parent), ...given(command)]) };
}

/** The commands as commander knows them; `run` is told which one was asked for. */
export function buildProgram(
  table: CommandTable,
  terminal: Terminal,
  run: (definition: CommandDefinition, command: Command) => Promise<void>,
): Command {
  const program = new Command("kubectl rolloutguard");
  program
    .description("Finds, explains and rolls back bad rollouts of Kubernetes Deployments.")
    .usage("COMMAND [flags]")
    .version(VERSION, "--version", "Print the version of the client")
    .helpOption("-h, --help", "Print this text")
    .helpCommand("help [COMMAND]", "Describe a command")
    .addHelpText(
      "after",
      [
        "\nExample: kubectl rolloutguard lint -f k8s/",
        "Flags of a command: kubectl rolloutguard COMMAND --help",
        "Flags of all commands: kubectl rolloutguard options",
      ].join("\n"),
    );
  // Before the command as well as behind it, as kubectl takes them.
  program.enablePositionalOptions();
  for (const { option } of Object.values(CLUSTER_FLAGS)) program.addOption(option);
  configure(program, terminal);
  for (const [name, definition] of Object.entries(table)) {
    const command = program.command(name, { hidden: definition.isHidden ?? false });
    configure(command, terminal);
    command.helpOption("-h, --help", "print this text");
    definition.define(command);
    command.action(() => run(definition, command));
  }
  return program;
}

const GLOBAL: ReadonlySet<Option> = new Set(Object.values(CLUSTER_FLAGS).map(({ option }) => option));

/** The command `options` lists the flags that all commands have; of these only the namespace is in the help of each. */
function isInHelp(option: Option, command: Command): boolean {
  if (command.parent === null) return false;
  return !GLOBAL.has(option) || option === CLUSTER_FLAGS.namespace.option;
}

function configure(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .configureHelp({
      helpWidth: HELP_COLUMNS,
      visibleOptions: (of) => new Help().visibleOptions(of).filter((option) => isInHelp(option, of)),
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
