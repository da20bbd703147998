// `options`: the flags that every command takes, as kubectl lists its own.
import { CLUSTER_FLAGS } from "../cluster-flags.ts";
import { defineCommand } from "../command-definition.ts";
import { EXIT_CODES } from "../exit-codes.ts";

export const optionsCommand = defineCommand({
  summary: "List the flags that all commands take",
  description: "Lists the flags that all commands take, before or after the command.",
  flags: {},
  examples: ["kubectl rolloutguard --context production status -A"],
  exitCodes: "0 done, 2 wrong usage",
  async run({ terminal }) {
    const shown = Object.values(CLUSTER_FLAGS).flatMap(({ option }) => (option.hidden ? [] : option));
    const width = Math.max(...shown.map(({ flags }) => flags.length)) + 2;
    terminal.out(
      `${shown.map(({ flags, description }) => `  ${flags.padEnd(width)}${description}\n`).join("")}`,
    );
    return EXIT_CODES.fine;
  },
});
