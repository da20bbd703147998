// The command lines of etcd and of the control plane.
import { ETCD_URL, NODE_ADDRESS, POD_RANGE, SERVICE_RANGE } from "./addresses.ts";

/** Where the files are that the control plane is told of. */
export interface ControlPlaneFiles {
  readonly etcdData: string;
  readonly certificates: string;
  readonly tokens: string;
  readonly serviceAccountPublicKey: string;
  readonly serviceAccountPrivateKey: string;
  /** By which kube-apiserver shows the kubelet who it is, for logs and exec. */
  readonly kubeletClientCertificate: string;
  readonly kubeletClientKey: string;
  readonly controllerManagerKubeconfig: string;
  readonly schedulerKubeconfig: string;
  /** Where kube-controller-manager looks for volume plugins. It makes the folder, in /usr/libexec unless it is named. */
  readonly volumePlugins: string;
}

/** kube-apiserver makes this certificate for itself, and is known by it. */
export function servingCertificate(files: ControlPlaneFiles): string {
  return `${files.certificates}/apiserver.crt`;
}

/** Nothing of a test cluster has to survive a power cut: no fsync. */
export function etcdArguments(files: ControlPlaneFiles): readonly string[] {
  return [
    `--data-dir=${files.etcdData}`,
    `--listen-client-urls=${ETCD_URL}`,
    `--advertise-client-urls=${ETCD_URL}`,
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

export function apiServerArguments(files: ControlPlaneFiles): readonly string[] {
  return [
    `--etcd-servers=${ETCD_URL}`,
    "--bind-address=0.0.0.0",
    "--secure-port=443",
    `--advertise-address=${NODE_ADDRESS}`,
    `--cert-dir=${files.certificates}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    `--token-auth-file=${files.tokens}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${files.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${files.serviceAccountPrivateKey}`,
    `--kubelet-client-certificate=${files.kubeletClientCertificate}`,
    `--kubelet-client-key=${files.kubeletClientKey}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--profiling=false",
  ];
}

/** With leader election off: a single one is ready at once. */
export function controllerManagerArguments(files: ControlPlaneFiles): readonly string[] {
  return [
    `--kubeconfig=${files.controllerManagerKubeconfig}`,
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--cert-dir=${files.certificates}`,
    "--use-service-account-credentials=true",
    `--service-account-private-key-file=${files.serviceAccountPrivateKey}`,
    `--root-ca-file=${servingCertificate(files)}`,
    `--cluster-cidr=${POD_RANGE}`,
    "--allocate-node-cidrs=false",
    `--flex-volume-plugin-dir=${files.volumePlugins}`,
    "--kube-api-qps=100",
    "--kube-api-burst=200",
    "--profiling=false",
  ];
}

export function schedulerArguments(files: ControlPlaneFiles): readonly string[] {
  return [
    `--kubeconfig=${files.schedulerKubeconfig}`,
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--cert-dir=${files.certificates}/scheduler`,
    "--kube-api-qps=100",
    "--kube-api-burst=200",
    "--profiling=false",
  ];
}
