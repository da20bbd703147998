// The cluster of the current kubeconfig context, after asking; it is given back as it was.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { runProgram } from "../../hack/run-program.ts";
import type { Host, HostOptions } from "./host.ts";

/** Rejects when the answer is not yes, or when there is nobody to ask and `yes` was not said. */
export async function openExistingHost({ progress, yes }: HostOptions): Promise<Host> {
  const context = (await runProgram(["kubectl", "config", "current-context"])).trim();
  if (!yes && !(await agrees(context)))
    throw new Error(`nothing was done to the cluster of context ${context}`);
  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-existing-"));
  const kubeconfig = join(folder, "kubeconfig");
  // A copy of that context alone: a switch of the current context during the run changes nothing.
  const config = await runProgram(["kubectl", "config", "view", "--minify", "--flatten", "--raw"]);
  await writeFile(kubeconfig, config, { mode: 0o600 });
  return {
    name: "existing",
    kubeconfig,
    enter: [],
    seesProcesses: false,
    async loadImages(archives) {
      progress(
        `load these archives into the nodes, such as by \`minikube image load FILE\`: ${archives.join(" ")}`,
      );
      if (!yes) await ask("Press Enter when the nodes have them. ");
    },
    close: () => rm(folder, { recursive: true }),
  };
}

async function agrees(context: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new Error(
      `say --yes to install the operator on the cluster of context ${context} and test it there`,
    );
  }
  const answer = await ask(
    `This installs RolloutGuard on the cluster of context ${context}, runs failing applications there, and removes all of it. Go on? (yes/no) `,
  );
  return answer.trim().toLowerCase() === "yes";
}

async function ask(question: string): Promise<string> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(question);
  asking.close();
  return answer;
}
