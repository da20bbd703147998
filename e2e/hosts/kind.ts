// A cluster of kind, for machines with Docker; made for the run.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../hack/run-program.ts";
import type { Host, HostOptions } from "./host.ts";

const CLUSTER = "rolloutguard-e2e";

export async function openKindHost({ progress, signal }: HostOptions): Promise<Host> {
  await runProgram(["docker", "info"]).catch((error: unknown) => {
    throw new Error("kind needs a running Docker; without one use --cluster local", { cause: error });
  });
  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-kind-"));
  const kubeconfig = join(folder, "kubeconfig");
  progress(`creating the kind cluster ${CLUSTER}`);
  await runProgram(
    ["kind", "create", "cluster", "--name", CLUSTER, "--kubeconfig", kubeconfig, "--wait", "2m"],
    { signal },
  );
  return {
    name: "kind",
    kubeconfig,
    enter: [],
    seesProcesses: false,
    async loadImages(archives) {
      for (const archive of archives) {
        await runProgram(["kind", "load", "image-archive", archive, "--name", CLUSTER]);
      }
    },
    async close() {
      await runProgram(["kind", "delete", "cluster", "--name", CLUSTER]);
      await rm(folder, { recursive: true });
    },
  };
}
