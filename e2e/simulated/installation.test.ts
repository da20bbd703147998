// kubectl applies config/ as a user would: everything is taken, and applied once more nothing is refused.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type SimulatedCluster, startSimulatedCluster, waitUntil } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import { kubectlFolder } from "../../hack/kubectl-contract/kubectl-binary.ts";

const run = promisify(execFile);
const CONFIG = join(import.meta.dirname, "../../config");

describe("kubectl apply", () => {
  let cluster: SimulatedCluster;
  let folder: string;

  beforeEach(async () => {
    // The installation brings the CRDs. A clock that runs faster must not be ahead of kubectl's: kubectl would take
    // its copies of answers "from the future" for fresh, and never ask again which resources there are.
    const startAt = Date.now() - 60 * 60_000;
    cluster = await startSimulatedCluster({ timeScale: 20, startAt });
    folder = await mkdtemp(join(tmpdir(), "installation-"));
    await writeFile(join(folder, "kubeconfig"), cluster.kubeconfig());
  });

  afterEach(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true });
  });

  async function kubectl(...args: string[]): Promise<string> {
    const env = { PATH: process.env["PATH"], HOME: folder, KUBECONFIG: join(folder, "kubeconfig") };
    const { stdout } = await run(join(kubectlFolder(), "kubectl"), args, { env, timeout: 30_000 });
    return stdout;
  }

  function readyReplicas(namespace: string): unknown {
    const { status } = cluster.store.get("deployments", namespace, "rolloutguard") ?? {};
    return (status as { readyReplicas?: number } | undefined)?.readyReplicas;
  }

  it("-k config/default installs for the whole cluster, CRDs first", async () => {
    const applied = await kubectl("apply", "--validate=strict", "-k", join(CONFIG, "default"));
    expect(applied.trim().split("\n")).to.have.length(14);
    await waitUntil(cluster, "two replicas are ready", () => readyReplicas("rolloutguard-system") === 2);
    const again = ["--server-side", "--force-conflicts", "-k", join(CONFIG, "default")];
    await kubectl("apply", "--validate=strict", ...again);
    expect(await kubectl("get", "crd", "-o", "name")).to.contain("incidents.rolloutguard.io");
  });

  it("-k config/namespaced installs into one namespace, after the CRDs", async () => {
    await kubectl("create", "namespace", "production");
    await kubectl("apply", "--validate=strict", "-k", join(CONFIG, "../crds"));
    await kubectl("apply", "--validate=strict", "-k", join(CONFIG, "namespaced"));
    await waitUntil(cluster, "two replicas are ready", () => readyReplicas("production") === 2);
    await kubectl("apply", "--validate=strict", "-k", join(CONFIG, "samples"));
    expect(await kubectl("get", "rolloutguards", "-n", "production", "-o", "name")).to.contain("/sre-app");
  });
});
