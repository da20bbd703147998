import { expect } from "chai";
import { containerdConfiguration, networkConfiguration, PAUSE_IMAGE } from "./containerd.ts";
import {
  apiServerArguments,
  type ControlPlaneFiles,
  controllerManagerArguments,
  schedulerArguments,
  servingCertificate,
} from "./control-plane.ts";
import { kubeconfig, newUsers, serviceAccountKeys, tokenFile } from "./credentials.ts";
import { KERNEL_SETTINGS, kubeletArguments, kubeletConfiguration } from "./kubelet.ts";

const CONTROL_PLANE: ControlPlaneFiles = {
  etcdData: "/r/etcd",
  certificates: "/r/certificates",
  tokens: "/r/tokens",
  serviceAccountPublicKey: "/r/sa.pub",
  serviceAccountPrivateKey: "/r/sa.key",
  kubeletClientCertificate: "/r/client.crt",
  kubeletClientKey: "/r/client.key",
  controllerManagerKubeconfig: "/r/cm",
  schedulerKubeconfig: "/r/scheduler",
  volumePlugins: "/r/volume-plugins",
};
const KUBELET = {
  configuration: "/r/kubelet.json",
  kubeconfig: "/r/kubelet.kubeconfig",
  rootFolder: "/r/kubelet",
  podLogs: "/r/pod-logs",
  apiServerClientCertificate: CONTROL_PLANE.kubeletClientCertificate,
  containerdSocket: "/r/containerd.sock",
};

describe("The configuration of a local cluster", () => {
  it("has the API server listen where the Service kubernetes.default points, as there is no kube-proxy", () => {
    const users = newUsers();
    const { clusters } = JSON.parse(kubeconfig(users.admin, "PEM"));
    expect(clusters[0].cluster.server).to.equal("https://10.96.0.1:443");
    expect(apiServerArguments(CONTROL_PLANE)).to.include.members([
      "--bind-address=0.0.0.0",
      "--secure-port=443",
      "--service-cluster-ip-range=10.96.0.0/16",
    ]);
  });

  it("enforces RBAC, for the kubelet and the control plane too", () => {
    expect(apiServerArguments(CONTROL_PLANE)).to.include.members([
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
    ]);
    const masters = Object.values(newUsers()).filter(({ groups }) => groups.includes("system:masters"));
    expect(masters.map(({ name }) => name)).to.deep.equal(["admin"]);
  });

  it("checks the tokens of ServiceAccounts with the key that they are signed with", () => {
    const keys = serviceAccountKeys();
    expect(keys.publicKey).to.match(/^-----BEGIN PUBLIC KEY/);
    expect(keys.privateKey).to.match(/^-----BEGIN PRIVATE KEY/);
    expect(apiServerArguments(CONTROL_PLANE)).to.include.members([
      "--service-account-key-file=/r/sa.pub",
      "--service-account-signing-key-file=/r/sa.key",
    ]);
    expect(controllerManagerArguments(CONTROL_PLANE)).to.include.members([
      "--service-account-private-key-file=/r/sa.key",
      `--root-ca-file=${servingCertificate(CONTROL_PLANE)}`,
    ]);
  });

  it("does not wait for a leader election where there is only one", () => {
    for (const args of [controllerManagerArguments(CONTROL_PLANE), schedulerArguments(CONTROL_PLANE)]) {
      expect(args).to.include("--leader-elect=false");
    }
  });

  it("gives each user a token of its own, and the token file names user and groups", () => {
    const users = newUsers();
    const tokens = Object.values(users).map(({ token }) => token);
    expect(new Set(tokens).size).to.equal(4);
    expect(tokenFile([{ ...users.kubelet, token: "t" }])).to.equal(
      't,system:node:node-1,system:node:node-1,"system:nodes"\n',
    );
    expect(newUsers().admin.token).not.to.equal(users.admin.token);
  });

  it("keeps what the kubelet writes in the cluster's folder, and its pods in the cluster's control group", () => {
    const configuration = JSON.parse(kubeletConfiguration(KUBELET, "cluster-1"));
    expect(configuration).to.include({
      cgroupRoot: "/cluster-1",
      cgroupDriver: "cgroupfs",
      failCgroupV1: false,
      podLogsDir: "/r/pod-logs",
      volumePluginDir: "/r/kubelet/volume-plugins",
      containerRuntimeEndpoint: "unix:///r/containerd.sock",
    });
    expect(kubeletArguments(KUBELET)).to.include.members(["--root-dir=/r/kubelet", "--node-ip=10.1.0.1"]);
  });

  it("keeps the folders for volume plugins, which Kubernetes would make in /usr/libexec, in the cluster's folder", () => {
    expect(controllerManagerArguments(CONTROL_PLANE)).to.include(
      "--flex-volume-plugin-dir=/r/volume-plugins",
    );
    expect(JSON.parse(kubeletConfiguration(KUBELET, "cluster-1")).volumePluginDir).to.match(/^\/r\//);
  });

  it("lets the API server, and nobody without a name, ask the kubelet for logs", () => {
    const { authentication, authorization } = JSON.parse(kubeletConfiguration(KUBELET, "cluster-1"));
    expect(authentication).to.deep.equal({
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: "/r/client.crt" },
    });
    expect(authorization).to.deep.equal({ mode: "Webhook" });
    expect(apiServerArguments(CONTROL_PLANE)).to.include("--kubelet-client-certificate=/r/client.crt");
  });

  it("evicts nothing and removes no image because the machine's disk is full", () => {
    const { evictionHard, imageGCHighThresholdPercent } = JSON.parse(kubeletConfiguration(KUBELET, "c"));
    expect(Object.keys(evictionHard)).to.have.length(5);
    expect(new Set(Object.values(evictionHard))).to.deep.equal(new Set(["0%"]));
    expect(imageGCHighThresholdPercent).to.equal(100);
  });

  it("shows the kubelet the kernel settings that it would else change for the whole machine", () => {
    // k8s.io/kubernetes/pkg/kubelet/cm/container_manager_linux.go, setupKernelTunables
    expect(Object.keys(KERNEL_SETTINGS)).to.have.members([
      "vm/overcommit_memory",
      "vm/panic_on_oom",
      "kernel/panic",
      "kernel/panic_on_oops",
      "kernel/keys/root_maxkeys",
      "kernel/keys/root_maxbytes",
    ]);
  });

  it("has containerd use our runc, our network, our sandbox image, and paths with quotes in them", () => {
    const text = containerdConfiguration({
      root: '/r/"containerd"',
      state: "/r/state",
      socket: "/r/containerd.sock",
      runc: "/cache/runc",
      networkFolder: "/r/network",
      networkPlugins: "/cache/cni",
      snapshotter: "native",
    });
    expect(text.split("\n")).to.include.members([
      "version = 3",
      'root = "/r/\\"containerd\\""',
      `sandbox = "${PAUSE_IMAGE}"`,
      'BinaryName = "/cache/runc"',
      'bin_dirs = ["/cache/cni"]',
      'conf_dir = "/r/network"',
      'snapshotter = "native"',
      "restrict_oom_score_adj = true",
    ]);
  });

  it("keeps the addresses of pods in the cluster's folder, from a range with room for all pods of the node", () => {
    const { plugins } = JSON.parse(networkConfiguration("/r/pod-addresses"));
    expect(plugins[0].ipam).to.deep.include({
      dataDir: "/r/pod-addresses",
      ranges: [[{ subnet: "10.244.0.0/16" }]],
    });
  });
});
