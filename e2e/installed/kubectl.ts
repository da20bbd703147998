// kubectl for one cluster, as the user who installs the operator has it.
import { join } from "node:path";
import { kubectlFolder } from "../../hack/kubectl-contract/kubectl-binary.ts";
import { runProgram } from "../../hack/run-program.ts";

/**
 * Resolves with what the command wrote to standard output; `input` is its standard input. Rejects with what it wrote
 * to standard error.
 */
export type Kubectl = (words: readonly string[], input?: string) => Promise<string>;

/** `enter` is a prefix that runs a program where the API server can be reached; empty when that is here. */
export function kubectlFor(kubeconfig: string, enter: readonly string[] = []): Kubectl {
  const command = [...enter, join(kubectlFolder(), "kubectl"), `--kubeconfig=${kubeconfig}`];
  return (words, input = "") => runProgram([...command, ...words], { input });
}

/** The answer to a command, asked for as JSON. The caller says what it is. */
export async function kubectlJson<T>(kubectl: Kubectl, words: readonly string[]): Promise<T> {
  return JSON.parse(await kubectl([...words, "-o", "json"])) as T;
}
