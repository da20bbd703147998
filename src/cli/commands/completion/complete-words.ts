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
  const [first, ...rest] = typed;
  const isName = typed.length <= 1;
  const command = isName ? undefined : program.commands.find((one) => one.name() === first);
  if (command === undefined) return isName ? commandsAndFlags(program, first ?? "") : NOTHING;
  const definition = Object.hasOwn(table, command.name()) ? table[command.name()] : undefined;
  const before = readWords(command, rest.slice(0, -1));
  const word = rest.at(-1) ?? "";
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
  return argumentValues(command, definition, before, word);
}

function commandsAndFlags(program: Command, word: string): Completions {
  if (word.startsWith("-")) return offer(flagsOf(program), word);
  const shown = program.createHelp().visibleCommands(program);
  return offer(
    shown.map((command) => ({
      word: command.name(),
      description: command.summary() || command.description(),
    })),
    word,
  );
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
      options[openOption.attributeName()] = word;
      openOption = undefined;
    } else if (word.startsWith("-") && word !== "-") {
      const [flag, value] = word.includes("=") ? split(word) : [word, undefined];
      const option = optionOf(command, flag);
      if (option && value !== undefined) options[option.attributeName()] = value;
      else if (option?.required) openOption = option;
    } else positionals += 1;
  }
  return { flags: readFlags(CLUSTER_FLAGS, options), positionals, openOption };
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
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .flatMap(({ long, description }) => (long ? [{ word: long, description }] : []));
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
