// What may come next on the command line.
import type { Argument, Command, Option } from "commander";
import { CLUSTER_FLAGS, type ClusterFlags } from "../../cluster-flags.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import { readFlags } from "../../flags.ts";
import type { CommandTable } from "../../program.ts";

export interface Completions {
  readonly words: readonly { readonly word: string; readonly description: string }[];
  /** The shell should offer files. */
  readonly wantsFiles: boolean;
}

/** Values of flags that every command may have, by the long flag. */
export type ValueSource = (flag: string, flags: ClusterFlags) => Promise<readonly string[] | undefined>;

const NOTHING: Completions = { words: [], wantsFiles: false };
const FILES: Completions = { words: [], wantsFiles: true };

/** Completes the last of the words, which may be empty. */
export async function completeWords(
  program: Command,
  table: CommandTable,
  words: readonly string[],
  valuesOf: ValueSource,
): Promise<Completions> {
  // bash makes words of their own of the signs in `--severity=info`.
  const typed = words.filter((word) => word !== "=");
  const word = typed.at(-1) ?? "";
  const given = typed.slice(0, -1);
  const at = commandAt(program, given);
  const command = at === undefined ? program : program.commands.find((one) => one.name() === given[at]);
  if (command === undefined) return NOTHING;
  const definition = Object.hasOwn(table, command.name()) ? table[command.name()] : undefined;
  const global = readWords(program, given.slice(0, at));
  const own = readWords(command, at === undefined ? given : given.slice(at + 1));
  const before = { ...own, flags: { ...global.flags, ...defined(own.flags) } };
  const [flag, value] = word.startsWith("--") && word.includes("=") ? split(word) : [undefined, word];
  const open = flag === undefined ? before.openOption : optionOf(command, flag);
  if (open) {
    const found = open.argChoices ?? (await valuesOf(open.long ?? "", before.flags));
    const prefix = flag === undefined || words.includes("=") ? "" : `${flag}=`;
    return found === undefined
      ? FILES
      : offer(
          found.map((one) => ({ word: prefix + one })),
          prefix + value,
        );
  }
  if (word.startsWith("-")) return offer(flagsOf(command), word);
  if (command === program) return offer(commandsOf(program), word);
  return argumentValues(command, definition, before, word);
}

/** Where the name of the command stands: behind the global flags and their values. */
function commandAt(program: Command, words: readonly string[]): number | undefined {
  const index = words.findIndex(
    (word, at) => !word.startsWith("-") && readWords(program, words.slice(0, at)).openOption === undefined,
  );
  return index < 0 ? undefined : index;
}

/** What is given, so that it takes the place of what was given before. */
function defined(flags: ClusterFlags): Partial<ClusterFlags> {
  const isGiven = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => isGiven(value)));
}

function commandsOf(program: Command) {
  return program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({ word: command.name(), description: command.summary() || command.description() }));
}

interface ReadWords {
  readonly flags: ClusterFlags;
  readonly positionals: number;
  /** The flag whose value comes next. */
  readonly openOption: Option | undefined;
}

function readWords(command: Command, words: readonly string[]): ReadWords {
  const options: Record<string, unknown> = {};
  let positionals = 0;
  let openOption: Option | undefined;
  for (const word of words) {
    if (openOption !== undefined) {
      options[openOption.attributeName()] = withValue(openOption, word, options);
      openOption = undefined;
    } else if (word.startsWith("-") && word !== "-") {
      const [flag, value] = word.includes("=") ? split(word) : [word, undefined];
      const option = optionOf(command, flag);
      if (option && value !== undefined) options[option.attributeName()] = withValue(option, value, options);
      else if (option?.required) openOption = option;
    } else positionals += 1;
  }
  return { flags: readFlags(CLUSTER_FLAGS, options), positionals, openOption };
}

/** Of a flag that can be repeated, all its values. */
function withValue(option: Option, value: string, options: Readonly<Record<string, unknown>>): unknown {
  const former = options[option.attributeName()] ?? option.defaultValue;
  return Array.isArray(former) ? [...former, value] : value;
}

async function argumentValues(
  command: Command,
  definition: CommandDefinition | undefined,
  { positionals, flags }: ReadWords,
  word: string,
): Promise<Completions> {
  const argument: Argument | undefined =
    command.registeredArguments[positionals] ??
    command.registeredArguments.findLast(({ variadic }) => variadic);
  if (argument === undefined) return NOTHING;
  if (definition?.takesFiles) return FILES;
  const found = argument.argChoices ?? (await definition?.complete?.(flags)) ?? [];
  return offer(
    found.map((one) => ({ word: one })),
    word,
  );
}

function flagsOf(command: Command): readonly { readonly word: string; readonly description: string }[] {
  const inHelp = command.createHelp().visibleOptions(command);
  return [...new Set([...inHelp, ...command.options.filter(({ hidden }) => !hidden)])].flatMap(
    ({ long, description }) => (long ? [{ word: long, description }] : []),
  );
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ short, long }) => flag === short || flag === long);
}

function split(word: string): [string, string] {
  const at = word.indexOf("=");
  return [word.slice(0, at), word.slice(at + 1)];
}

function offer(
  found: readonly { readonly word: string; readonly description?: string }[],
  start: string,
): Completions {
  const words = found
    .filter(({ word }) => word.startsWith(start))
    .map(({ word, description = "" }) => ({ word, description }));
  return { words, wantsFiles: false };
}
