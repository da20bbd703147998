// `completion SHELL`: prints the script that makes a shell complete commands.
import { Argument } from "commander";
import { defineCommand } from "../../command-definition.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { SHELL_SCRIPTS } from "./shell-scripts.ts";

export const completionCommand = defineCommand({
  summary: "Print the completion script for a shell",
  description:
    "Prints the script that makes a shell complete kubectl-rolloutguard. For `kubectl rolloutguard`, kubectl calls kubectl_complete-rolloutguard, which must be on the PATH.",
  argument: new Argument("<SHELL>", "the shell").choices(Object.keys(SHELL_SCRIPTS)),
  flags: {},
  examples: [
    "source <(kubectl-rolloutguard completion bash)",
    'kubectl-rolloutguard completion zsh > "$' + '{fpath[1]}/_kubectl_rolloutguard"',
    "kubectl-rolloutguard completion fish | source",
  ],
  exitCodes: "0 done, 2 wrong usage",
  async run({ args, terminal }) {
    terminal.out(SHELL_SCRIPTS[args[0] ?? ""] ?? "");
    return EXIT_CODES.fine;
  },
});
