// docs/reference/commands: a page for each command of kubectl-rolloutguard, and one that lists them.
import { Command, type Option } from "commander";
import { CLUSTER_FLAGS } from "../../../src/cli/cluster-flags.ts";
import type { CommandDefinition } from "../../../src/cli/command-definition.ts";
import { COMMANDS } from "../../../src/cli/command-table.ts";
import type { GeneratedFile } from "../generated-file.ts";
import { code, pageHead, table } from "../markdown.ts";

const SOURCE = "src/cli/commands";
const FOLDER = "docs/reference/commands";

/** What a command says of itself, as help prints it. */
interface Described {
  readonly name: string;
  readonly command: Command;
  readonly examples: readonly string[];
  /** "0", "fine" */
  readonly exitCodes: readonly (readonly [string, string])[];
}

export function generateCommandPages(): readonly GeneratedFile[] {
  const commands = Object.entries(COMMANDS)
    .filter(([, { isHidden = false }]) => !isHidden)
    .map(([name, definition]) => described(name, definition));
  return [
    { path: `${FOLDER}/index.md`, text: indexPage(commands) },
    ...commands.map((command) => ({ path: `${FOLDER}/${command.name}.md`, text: commandPage(command) })),
  ];
}

function described(name: string, definition: CommandDefinition): Described {
  const command = new Command(name);
  definition.define(command);
  let help = "";
  command.configureOutput({
    writeOut: (text) => {
      help += text;
    },
  });
  command.outputHelp();
  const [, examples = "", codes = ""] =
    /\nExamples:\n((?: {2}.*\n)+)Exit codes: ([\s\S]*?)(?:\nGlobal flags|$)/.exec(help) ?? [];
  return {
    name,
    command,
    examples: examples.trim().split(/\n\s*/),
    exitCodes: codes
      .replaceAll(/\s+/g, " ")
      .trim()
      .split(/, (?=\d )/)
      .map((line) => [line.slice(0, 1), line.slice(2)] as const),
  };
}

function indexPage(commands: readonly Described[]): string {
  return `${pageHead("Commands", SOURCE)}
What \`kubectl rolloutguard\` can do. [The command line](../../command-line.md) shows how the commands are used and what they print.

${table(
  ["Command", "Does"],
  commands.map(({ name, command }) => [`[${name}](${name}.md)`, command.summary()]),
)}

## Flags of all commands

${flags(Object.values(CLUSTER_FLAGS).map(({ option }) => option))}
`;
}

function commandPage({ name, command, examples, exitCodes }: Described): string {
  const own = command.options.filter((option) => !isGlobal(option));
  const sections = [
    pageHead(`kubectl rolloutguard ${name}`, SOURCE).trimEnd(),
    command.description(),
    `\`\`\`\nkubectl rolloutguard ${name} ${usage(command)}\n\`\`\``,
    ...(own.length > 0 ? ["## Flags", flags(own)] : []),
    "[The flags of all commands](index.md#flags-of-all-commands) apply too.",
    "## Examples",
    `\`\`\`sh\n${examples.join("\n")}\n\`\`\``,
    "## Exit codes",
    table(["Code", "Meaning"], exitCodes),
    "[All exit codes](../exit-codes.md) are on one page.",
  ];
  return `${sections.join("\n\n")}\n`;
}

/** As kubectl writes it: SHELL, where commander writes <SHELL>. */
function usage(command: Command): string {
  return command
    .usage()
    .replace("[options] ", "")
    .replaceAll(/<(\w+)>/g, "$1");
}

function isGlobal(option: Option): boolean {
  return Object.values(CLUSTER_FLAGS).some((flag) => flag.option === option);
}

function flags(options: readonly Option[]): string {
  return table(
    ["Flag", "Meaning"],
    options.filter(({ hidden }) => !hidden).map(({ flags: spec, description }) => [code(spec), description]),
  );
}
