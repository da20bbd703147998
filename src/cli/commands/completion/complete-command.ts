// `__complete WORDS…`: what may come next, for shells and for kubectl, in the form that kubectl understands.

import { clusterValues } from "../../cluster/cluster-values.ts";
import type { CommandDefinition } from "../../command-definition.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { buildProgram } from "../../program.ts";
import { completeWords } from "./complete-words.ts";

/** The shell may offer files; it may not. */
const DIRECTIVES = { files: ":0", noFiles: ":4" };

/** Needs the table of which it is a line itself, so it is made with it. */
export function completeCommand(table: () => Readonly<Record<string, CommandDefinition>>): CommandDefinition {
  return {
    isHidden: true,
    define(command) {
      command
        .description("Prints what may come next on a command line, for shells.")
        .argument("[WORDS...]")
        .helpOption(false)
        .allowUnknownOption()
        .passThroughOptions()
        .allowExcessArguments();
    },
    async run({ args, terminal }) {
      const program = buildProgram(table(), terminal, async () => undefined);
      const { words, wantsFiles } = await completeWords(program, table(), args, clusterValues);
      for (const { word, description } of words) {
        terminal.out(description ? `${word}\t${description.split("\n")[0]}\n` : `${word}\n`);
      }
      terminal.out(`${wantsFiles ? DIRECTIVES.files : DIRECTIVES.noFiles}\n`);
      return EXIT_CODES.fine;
    },
  };
}
