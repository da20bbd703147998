// Real Kubernetes on this machine, without Docker; made for the run.
import { startLocalCluster } from "../../hack/local-cluster/local-cluster.ts";
import type { Host, HostOptions } from "./host.ts";

export async function openLocalHost({ progress, signal }: HostOptions): Promise<Host> {
  const cluster = await startLocalCluster({ progress, signal });
  return {
    name: "local",
    kubeconfig: cluster.kubeconfig,
    enter: cluster.enter,
    seesProcesses: true,
    async loadImages(archives) {
      for (const archive of archives) await cluster.importImage(archive);
    },
    close: () => cluster.stop(),
  };
}
