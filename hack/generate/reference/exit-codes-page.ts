// docs/reference/exit-codes.md: what the exit codes of all commands mean.
import { EXIT_CODES } from "../../../src/cli/exit-codes.ts";
import type { GeneratedFile } from "../generated-file.ts";
import { pageHead, table } from "../markdown.ts";

const MEANINGS: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  fine: "Nothing fails. The command did what it was asked to do.",
  failing: "Something fails: a rollout, a guard, a lint rule, or the rollback.",
  usage: "The command line is wrong. The message says what to write instead.",
  cannotTell:
    "The result is not known: the cluster cannot be reached, a permission is missing, or a file cannot be read.",
  rolledBack: "The rollout failed and was rolled back, and service is restored.",
  timedOut: "The timeout is over. The last line says what the command was waiting for.",
  notFound: "No object has that name. The message lists similar names.",
  overtaken: "Something else happened first, such as a newer rollout. The message says what.",
};

export function generateExitCodesPage(): GeneratedFile {
  const rows = Object.entries(EXIT_CODES).map(([name, code]) => [
    String(code),
    MEANINGS[name as keyof typeof EXIT_CODES],
  ]);
  const text = `${pageHead("Exit codes", "src/cli/exit-codes.ts")}
An exit code means the same for every command of \`kubectl rolloutguard\`. [The page of a command](commands/index.md) says which ones it
uses.

${table(["Code", "Meaning"], rows)}

The operator exits with 0 after SIGTERM, and with 1 when a setting is wrong or when it cannot continue.
`;
  return { path: "docs/reference/exit-codes.md", text };
}
