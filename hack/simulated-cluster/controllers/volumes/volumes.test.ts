import { expect } from "chai";
import { exampleDeployment } from "../../example-manifests.ts";
import { type SimulatedCluster, startSimulatedCluster } from "../../simulated-cluster.ts";
import { passTime, waitUntil } from "../../wait-until.ts";
import { podCondition } from "../pod-readiness.ts";

const NAMESPACE = "shop";

describe("claims and volumes", () => {
  let cluster: SimulatedCluster;

  beforeEach(async () => {
    cluster = await startSimulatedCluster({ timeScale: 400, seed: 31, nodes: 2 });
  });

  afterEach(() => cluster.stop());

  const claim = () => cluster.store.get("persistentvolumeclaims", NAMESPACE, "data");
  const pods = () => cluster.store.list("pods", NAMESPACE);
  const running = () => pods().filter(({ status }) => status.phase === "Running");
  const events = (kind: string) =>
    cluster.store.list("events", NAMESPACE).filter(({ involvedObject }) => involvedObject.kind === kind);
  const messages = (kind: string, reason: string) =>
    events(kind)
      .filter((event) => event.reason === reason)
      .map(({ message }) => message);

  function applyClass(volumeBindingMode: string, parameters: Record<string, string> = {}): void {
    cluster.store.apply({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "gp3" },
      provisioner: "ebs.csi.aws.com",
      volumeBindingMode,
      parameters,
    });
  }

  function applyClaim(accessMode = "ReadWriteOnce"): void {
    cluster.store.apply({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data", namespace: NAMESPACE },
      spec: {
        accessModes: [accessMode],
        storageClassName: "gp3",
        resources: { requests: { storage: "10Gi" } },
      },
    });
  }

  const withData = (image: string, spec: object = {}) =>
    exampleDeployment({
      image,
      spec: { replicas: 1, ...spec },
      pod: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
    });

  it("keep a pod from all nodes while an immediate claim is unbound, and let it start afterwards", async () => {
    applyClass("Immediate", { takes: "40s" });
    applyClaim();
    cluster.store.apply(withData("web:1"));
    await waitUntil(cluster, "a refusal", () => messages("Pod", "FailedScheduling").length > 0);
    const [pod] = pods();
    expect(pod && podCondition(pod, "PodScheduled")).to.include({
      reason: "Unschedulable",
      message: "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found",
    });
    await waitUntil(cluster, "it runs", () => running().length === 1);
    expect(claim()?.status.phase).to.equal("Bound");
    const volume = `pvc-${claim()?.metadata.uid}`;
    expect(claim()?.spec.volumeName).to.equal(volume);
    expect(messages("PersistentVolumeClaim", "ProvisioningSucceeded")).to.deep.equal([
      `Successfully provisioned volume ${volume}`,
    ]);
    expect(messages("Pod", "SuccessfulAttachVolume")).to.deep.equal([
      `AttachVolume.Attach succeeded for volume "${volume}" `,
    ]);
  });

  it("leave a pod pending without a word while its volume is made for the node that it will get", async () => {
    applyClass("WaitForFirstConsumer", { takes: "60s" });
    applyClaim();
    await passTime(cluster, 20_000);
    expect(messages("PersistentVolumeClaim", "WaitForFirstConsumer")).to.deep.equal([
      "waiting for first consumer to be created before binding",
    ]);
    cluster.store.apply(withData("web:1"));
    await passTime(cluster, 50_000);
    const [pod] = pods();
    expect(pod?.spec.nodeName).to.equal(undefined);
    expect(pod && podCondition(pod, "PodScheduled")).to.equal(undefined);
    expect(events("Pod")).to.deep.equal([]);
    expect(messages("PersistentVolumeClaim", "ExternalProvisioning")[0]).to.match(
      /^Waiting for a volume to be created either by the external provisioner 'ebs\.csi\.aws\.com' or manually/,
    );
    await waitUntil(cluster, "it runs", () => running().length === 1);
    // At the node's choice, and then every 15 s until the volume is there.
    const external = events("PersistentVolumeClaim").find(({ reason }) => reason === "ExternalProvisioning");
    expect(external?.count).to.be.within(4, 5);
  });

  it("give such a pod up after ten minutes", async () => {
    applyClass("WaitForFirstConsumer", { takes: "1h" });
    applyClaim();
    cluster.store.apply(withData("web:1"));
    const isRefused = () => messages("Pod", "FailedScheduling").length > 0;
    await waitUntil(cluster, "a refusal", isRefused, 620_000);
    expect(messages("Pod", "FailedScheduling")).to.deep.equal([
      'running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
    ]);
  });

  it("tell what the provisioner answers, which tries again", async () => {
    const fails = "rpc error: code = Internal desc = Could not create volume in EC2: RequestLimitExceeded";
    applyClass("Immediate", { fails, failsFor: "20s" });
    applyClaim();
    await waitUntil(cluster, "bound", () => claim()?.status.phase === "Bound");
    const failed = events("PersistentVolumeClaim").find(({ reason }) => reason === "ProvisioningFailed");
    expect(failed?.message).to.equal(`failed to provision volume with StorageClass "gp3": ${fails}`);
    expect(failed?.count).to.be.within(4, 6);
    expect(failed?.reportingComponent).to.match(/^ebs\.csi\.aws\.com_csi-controller-/);
  });

  it("name a class and a claim that do not exist", async () => {
    cluster.store.apply(withData("web:1"));
    await waitUntil(cluster, "a refusal", () => messages("Pod", "FailedScheduling").length > 0);
    expect(messages("Pod", "FailedScheduling")).to.deep.equal([
      '0/2 nodes are available: persistentvolumeclaim "data" not found. not found',
    ]);
    applyClaim();
    const failed = () => messages("PersistentVolumeClaim", "ProvisioningFailed");
    await waitUntil(cluster, "no class", () => failed().length > 0);
    expect(failed()).to.deep.equal(['storageclass.storage.k8s.io "gp3" not found']);
    applyClass("Immediate");
    await waitUntil(cluster, "it runs", () => running().length === 1);
  });

  describe("on two nodes", () => {
    const multiAttach = () => messages("Pod", "FailedAttachVolume");

    async function shipSecond(accessMode: string): Promise<void> {
      applyClass("WaitForFirstConsumer");
      applyClaim(accessMode);
      cluster.store.apply(withData("web:1"));
      await waitUntil(cluster, "it runs", () => running().length === 1);
      // The next pod goes to the other node, which has none.
      cluster.store.apply(withData("web:2"));
    }

    it("say once that a volume for one node is used on another, and start the pod when that one has gone", async () => {
      await shipSecond("ReadWriteOnce");
      const [old] = pods();
      await waitUntil(cluster, "the error", () => multiAttach().length > 0);
      expect(multiAttach()).to.deep.equal([
        `Multi-Attach error for volume "${claim()?.spec.volumeName}" Volume is already used by pod(s) ${old?.metadata.name}`,
      ]);
      await waitUntil(
        cluster,
        "the kubelet's word",
        () => messages("Pod", "FailedMount").length > 0,
        130_000,
      );
      expect(messages("Pod", "FailedMount")).to.deep.equal([
        "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[data], failed to process volumes=[]: context deadline exceeded",
      ]);
      const error = events("Pod").find(({ reason }) => reason === "FailedAttachVolume");
      expect([error?.count, error?.reportingComponent]).to.deep.equal([1, "attachdetach-controller"]);
      const newImage = () => running().map(({ spec }) => spec.containers[0]?.image);
      expect(newImage()).to.deep.equal(["web:1"]);
      const strategy = { type: "Recreate", rollingUpdate: null };
      cluster.store.patch("deployments", NAMESPACE, "web", { spec: { strategy } });
      cluster.store.delete("pods", NAMESPACE, old?.metadata.name ?? "");
      await waitUntil(cluster, "the new one runs", () => newImage().includes("web:2"));
    });

    it("share a volume that many may use", async () => {
      await shipSecond("ReadWriteMany");
      await waitUntil(cluster, "replaced", () =>
        running().some(({ spec }) => spec.containers[0]?.image === "web:2"),
      );
      expect(multiAttach()).to.deep.equal([]);
    });
  });
});
