// How the kubelet is told to run on a machine that is not its own.
import { DNS_ADDRESS, NODE_ADDRESS, NODE_NAME } from "./addresses.ts";

export interface KubeletFiles {
  readonly configuration: string;
  readonly kubeconfig: string;
  readonly rootFolder: string;
  readonly podLogs: string;
  /** The certificate by which kube-apiserver is known to the kubelet. */
  readonly apiServerClientCertificate: string;
  readonly containerdSocket: string;
}

export function kubeletArguments(files: KubeletFiles): readonly string[] {
  return [
    `--config=${files.configuration}`,
    `--kubeconfig=${files.kubeconfig}`,
    `--root-dir=${files.rootFolder}`,
    `--cert-dir=${files.rootFolder}/pki`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
  ];
}

/**
 * A KubeletConfiguration, as JSON. The groups of pods go below `cgroup`. Nothing is evicted or collected for want of
 * disk or memory: those are the machine's and not ours.
 */
export function kubeletConfiguration(files: KubeletFiles, cgroup: string): string {
  return JSON.stringify(
    {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: true },
        x509: { clientCAFile: files.apiServerClientCertificate },
      },
      authorization: { mode: "Webhook" },
      containerRuntimeEndpoint: `unix://${files.containerdSocket}`,
      podLogsDir: files.podLogs,
      volumePluginDir: `${files.rootFolder}/volume-plugins`,
      clusterDNS: [DNS_ADDRESS],
      clusterDomain: "cluster.local",
      failCgroupV1: false,
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${cgroup}`,
      cgroupsPerQOS: true,
      enforceNodeAllocatable: [],
      oomScoreAdj: 0,
      failSwapOn: false,
      makeIPTablesUtilChains: false,
      localStorageCapacityIsolation: false,
      evictionHard: {
        "memory.available": "0%",
        "nodefs.available": "0%",
        "nodefs.inodesFree": "0%",
        "imagefs.available": "0%",
        "imagefs.inodesFree": "0%",
      },
      imageGCHighThresholdPercent: 100,
      maxPods: 250,
      serializeImagePulls: false,
      kubeAPIQPS: 100,
      kubeAPIBurst: 200,
    },
    null,
    2,
  );
}

/** Kernel settings (below /proc/sys) that a kubelet sets for the whole machine, and the values that it sets. */
export const KERNEL_SETTINGS: Readonly<Record<string, string>> = {
  "vm/overcommit_memory": "1",
  "vm/panic_on_oom": "0",
  "kernel/panic": "10",
  "kernel/panic_on_oops": "1",
  "kernel/keys/root_maxkeys": "1000000",
  "kernel/keys/root_maxbytes": "25000000",
};
