// What `npm run e2e` told the suites about the cluster, by the environment of their process.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClusterUnderTest } from "../clusters/cluster-under-test.ts";
import { realUnderTest } from "../clusters/real.ts";
import { type Kubectl, kubectlFor } from "../installed/kubectl.ts";

export interface UnderTest {
  readonly cluster: ClusterUnderTest;
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  /** Whether the processes of its containers are among those of this machine. */
  readonly seesProcesses: boolean;
  /** 1 for the first of several runs on the same cluster. */
  readonly round: number;
  /** What the titles of the tests must contain; empty for all. */
  readonly only: string;
  /** Keeps what a suite measured, for the report. */
  readonly keepResult: (suite: string, result: object) => Promise<void>;
}

/** Throws when the process was not started by `npm run e2e`. */
export function underTest(environment: NodeJS.ProcessEnv = process.env): UnderTest {
  const { E2E_CLUSTER: name, E2E_KUBECONFIG: kubeconfig, E2E_RESULTS: results } = environment;
  if (!name || !kubeconfig || !results) {
    throw new Error("the suites need a cluster: start them by npm run e2e -- --cluster local");
  }
  return {
    cluster: realUnderTest(name, kubeconfig),
    kubeconfig,
    kubectl: kubectlFor(kubeconfig),
    seesProcesses: environment["E2E_SEES_PROCESSES"] === "true",
    round: Number(environment["E2E_ROUND"] ?? 1),
    only: environment["E2E_ONLY"] ?? "",
    keepResult: (suite, result) => writeFile(join(results, `${suite}.json`), JSON.stringify(result, null, 2)),
  };
}
