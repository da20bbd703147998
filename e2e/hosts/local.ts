// Real Kubernetes on this machine, without Docker; made for the run.
import { startLocalCluster } from "../../hack/local-cluster/local-cluster.ts";
import type { Host, HostOptions } from "./host.ts";

export async function openLocalHost({ progress, signal }: HostOptions): Promise<Host> {
  const cluster = await startLocalCluster({ progress, signal });
  let isClosing = false;
  // The tests fail anyway; this says why.
  cluster.failure.catch((error: Error) => {
    if (!isClosing) progress(error.message);
  });
  return {
    name: "local",
    kubeconfig: cluster.kubeconfig,
    enter: cluster.enter,
    seesProcesses: true,
    async loadImages(archives) {
      for (const archive of archives) await cluster.importImage(archive);
    },
    async close() {
      isClosing = true;
      await cluster.stop();
      // Perhaps of another cluster that began meanwhile; so it is told, and is no failure.
      for (const left of cluster.remains()) progress(`left behind: ${left}`);
    },
  };
}
