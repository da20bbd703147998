// Writes what the programs of a cluster read, into its folder.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../run-program.ts";
import type { Binaries } from "./binaries/choose-binaries.ts";
import {
  type ContainerdFiles,
  containerdConfiguration,
  networkConfiguration,
} from "./configuration/containerd.ts";
import { type ControlPlaneFiles, servingCertificate } from "./configuration/control-plane.ts";
import { kubeconfig, newUsers, serviceAccountKeys, tokenFile } from "./configuration/credentials.ts";
import { type KubeletFiles, kubeletConfiguration } from "./configuration/kubelet.ts";
import type { RunFolder } from "./machine/run-folder.ts";

/** Paths of what was written, and of what the programs will write. */
export interface ClusterFiles {
  readonly adminKubeconfig: string;
  readonly controlPlane: ControlPlaneFiles;
  readonly kubelet: KubeletFiles;
  readonly containerd: ContainerdFiles;
  readonly containerdConfiguration: string;
  /** To be called when kube-apiserver has made its certificate. */
  writeKubeconfigs(): void;
}

/** Writes all but the kubeconfigs. */
export async function writeClusterFiles(
  folder: RunFolder,
  binaries: Binaries,
  snapshotter: ContainerdFiles["snapshotter"],
): Promise<ClusterFiles> {
  const settings = folder.folder("configuration");
  const file = (name: string): string => join(settings, name);
  const users = newUsers();
  const controlPlane: ControlPlaneFiles = {
    etcdData: folder.folder("etcd"),
    certificates: folder.folder("certificates"),
    tokens: file("tokens.csv"),
    serviceAccountPublicKey: file("service-account.pub"),
    serviceAccountPrivateKey: file("service-account.key"),
    kubeletClientCertificate: file("kubelet-client.crt"),
    kubeletClientKey: file("kubelet-client.key"),
    controllerManagerKubeconfig: file("kube-controller-manager.kubeconfig"),
    schedulerKubeconfig: file("kube-scheduler.kubeconfig"),
    volumePlugins: folder.folder("volume-plugins"),
  };
  const containerd: ContainerdFiles = {
    root: folder.folder("containerd"),
    state: folder.folder("containerd-state"),
    socket: join(folder.path, "containerd.sock"),
    runc: binaries.runc,
    networkFolder: folder.folder("network"),
    networkPlugins: binaries.networkPlugins,
    snapshotter,
  };
  const kubelet: KubeletFiles = {
    configuration: file("kubelet.json"),
    kubeconfig: file("kubelet.kubeconfig"),
    rootFolder: folder.folder("kubelet"),
    podLogs: folder.folder("pod-logs"),
    apiServerClientCertificate: controlPlane.kubeletClientCertificate,
    containerdSocket: containerd.socket,
  };
  const write = (path: string, content: string): void => writeFileSync(path, content, { mode: 0o600 });
  const keys = serviceAccountKeys();
  write(controlPlane.tokens, tokenFile(Object.values(users)));
  write(controlPlane.serviceAccountPublicKey, keys.publicKey);
  write(controlPlane.serviceAccountPrivateKey, keys.privateKey);
  await writeKubeletClientCertificate(controlPlane);
  write(kubelet.configuration, kubeletConfiguration(kubelet, folder.cgroup));
  write(file("containerd.toml"), containerdConfiguration(containerd));
  write(
    join(containerd.networkFolder, "pods.conflist"),
    networkConfiguration(folder.folder("pod-addresses")),
  );
  const adminKubeconfig = join(folder.path, "kubeconfig");
  return {
    adminKubeconfig,
    controlPlane,
    kubelet,
    containerd,
    containerdConfiguration: file("containerd.toml"),
    writeKubeconfigs: () => {
      const certificate = readFileSync(servingCertificate(controlPlane), "utf8");
      write(adminKubeconfig, kubeconfig(users.admin, certificate));
      write(controlPlane.controllerManagerKubeconfig, kubeconfig(users.controllerManager, certificate));
      write(controlPlane.schedulerKubeconfig, kubeconfig(users.scheduler, certificate));
      write(kubelet.kubeconfig, kubeconfig(users.kubelet, certificate));
    },
  };
}

/** Signs itself: the kubelet trusts this very certificate, and asks the API server what its holder may do. */
async function writeKubeletClientCertificate(files: ControlPlaneFiles): Promise<void> {
  const selfSigned = "openssl req -x509 -newkey rsa:2048 -nodes -days 365".split(" ");
  const subject = ["-subj", "/O=system:masters/CN=kube-apiserver-kubelet-client"];
  const { kubeletClientCertificate, kubeletClientKey } = files;
  const output = ["-out", kubeletClientCertificate, "-keyout", kubeletClientKey];
  await runProgram([...selfSigned, ...subject, ...output]);
}
