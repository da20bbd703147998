// `lint`: finds in manifests, or in a namespace, what makes rollouts fail.
import { namesIn } from "../../cluster/cluster-values.ts";
import { defineCommand } from "../../command-definition.ts";
import { LINT_FLAGS } from "./lint-flags.ts";

export const lintCommand = defineCommand({
  summary: "Find mistakes in manifests that make rollouts fail",
  description: "Finds mistakes that make rollouts fail, in manifests (-f) or in a namespace.",
  usage: "[-f PATH]... | [NAME] [-n NS] [flags]",
  argument: "[NAME]",
  flags: LINT_FLAGS,
  examples: [
    "helm template . | kubectl rolloutguard lint -f - -o sarif > lint.sarif",
    "kubectl rolloutguard lint checkout-service -n production",
  ],
  exitCodes: "0 fine, 1 findings, 2 wrong usage, 3 not all read, 6 not found",
  complete: (flags) => namesIn("deployments", flags),
  async run(invocation) {
    const { runLint } = await import("./run-lint.ts");
    return runLint(invocation);
  },
});
