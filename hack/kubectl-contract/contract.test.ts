// The contract on the simulated cluster, against what a real one answered.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { contractCases } from "./contract-case.ts";
import { differencesIn, differenceText } from "./differences.ts";
import { kubectlFolder, kubectlVersion } from "./kubectl-binary.ts";
import { recordTranscript } from "./record-transcript.ts";
import { simulatedKubeconfig } from "./simulated-side.ts";
import { parseTranscript, REAL_TRANSCRIPT, type Transcript } from "./transcript.ts";

describe("kubectl", () => {
  const real = parseTranscript(readFileSync(REAL_TRANSCRIPT, "utf8"));
  let workFolder: string;
  let simulated: Transcript;

  before(async () => {
    const folder = kubectlFolder();
    expect(kubectlVersion(folder), "the kubectl of the transcript").to.equal(real.kubectl);
    workFolder = mkdtempSync(join(tmpdir(), "kubectl-contract-"));
    const { kubeconfig, stop } = await simulatedKubeconfig();
    try {
      simulated = await recordTranscript(contractCases(), { kubectlFolder: folder, kubeconfig, workFolder });
    } finally {
      await stop();
    }
  });

  after(() => rmSync(workFolder, { recursive: true, force: true }));

  it("talks to the version of Kubernetes that the transcript is of", () => {
    expect(simulated.kubernetes).to.equal(real.kubernetes);
  });

  for (const each of contractCases()) {
    it(`says the same as on a real cluster: ${each.title}`, () => {
      const expected = real.cases.find(({ name }) => name === each.name);
      const actual = simulated.cases.find(({ name }) => name === each.name);
      expect(actual?.answers).to.have.length(each.commands.length);
      if (actual === undefined) return;
      const differences = differencesIn(each, expected, actual, true);
      expect(differences, `\n${differences.map(differenceText).join("\n\n")}\n`).to.have.length(0);
    });
  }
});
