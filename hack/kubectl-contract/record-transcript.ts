// Plays cases on a cluster and makes the transcript of it.
import { mkdirSync } from "node:fs";
import { CRD_FOLDER } from "../crd-folder.ts";
import { mustRun } from "./answer-to.ts";
import { type ClusterAccess, environmentFor } from "./cluster-access.ts";
import type { ContractCase } from "./contract-case.ts";
import { kubectlVersion } from "./kubectl-binary.ts";
import { runCases } from "./run-case.ts";
import type { Transcript } from "./transcript.ts";

/** Applies the project's CRDs, plays the cases, and says which versions answered. */
export async function recordTranscript(
  cases: readonly ContractCase[],
  access: ClusterAccess,
): Promise<Transcript> {
  mkdirSync(access.workFolder, { recursive: true });
  const environment = environmentFor(access, "default");
  await mustRun(`kubectl apply -k "${CRD_FOLDER}"`, environment);
  await mustRun("kubectl wait --for=condition=Established crd --all --timeout=30s", environment);
  const server = JSON.parse(await mustRun("kubectl version -o json", environment)) as {
    serverVersion: { gitVersion: string };
  };
  return {
    kubernetes: server.serverVersion.gitVersion,
    kubectl: kubectlVersion(access.kubectlFolder),
    cases: await runCases(cases, access),
  };
}
