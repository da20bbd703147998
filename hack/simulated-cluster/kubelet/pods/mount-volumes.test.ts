import { expect } from "chai";
import { passTime } from "../../wait-until.ts";
import type { NodeFault } from "../faults/node-fault.ts";
import { container, type PodUnderTest, runPod } from "../testing/pod-under-test.ts";

const CSI = { name: "secrets", csi: { driver: "secrets-store.csi.k8s.io" } };
const CLAIM = { name: "data", persistentVolumeClaim: { claimName: "orders" } };
/** A claim, and a class whose provisioner makes a volume for it at once. */
const STORAGE = [
  {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "gp3" },
    provisioner: "ebs.csi.aws.com",
    volumeBindingMode: "WaitForFirstConsumer",
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "orders", namespace: "shop" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "gp3",
      resources: { requests: { storage: "10Gi" } },
    },
  },
];

describe("a volume", () => {
  let under: PodUnderTest;

  afterEach(() => under.stop());

  async function run(volume: typeof CSI | typeof CLAIM, fault: NodeFault): Promise<void> {
    under = await runPod({ volumes: [volume], containers: [container("app")] }, ({ nodeFaults, store }) => {
      for (const object of STORAGE) store.apply(object);
      nodeFaults.add(fault);
    });
    await under.until("the mount fails", () => under.events("FailedMount").length > 0);
  }
  const running = () => under.container()?.state.running !== undefined;

  it("of a CSI driver is mounted when the driver has registered", async () => {
    await run(CSI, { does: { driverMissing: "secrets-store.csi.k8s.io" }, forMs: 60_000 });
    expect(under.events("FailedMount")).to.deep.equal([
      'MountVolume.SetUp failed for volume "secrets" : kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ' +
        "driver name secrets-store.csi.k8s.io not found in the list of registered CSI drivers",
    ]);
    expect(under.container()?.state.waiting?.reason).to.equal("ContainerCreating");
    await under.until("it runs", running);
  });

  it("of another driver is not concerned", async () => {
    under = await runPod({ volumes: [CSI], containers: [container("app")] }, ({ nodeFaults }) => {
      nodeFaults.add({ does: { driverMissing: "efs.csi.aws.com" } });
    });
    await under.until("it runs", running);
  });

  it("of a claim fails for the driver by the name of its persistent volume", async () => {
    await run(CLAIM, { does: { driverMissing: "ebs.csi.aws.com" }, on: { volume: "data" } });
    expect(under.events("FailedMount")[0]).to.match(
      /^MountVolume\.MountDevice failed for volume "pvc-[0-9a-f-]{36}" : kubernetes\.io\/csi: attacher\.MountDevice failed to create newCsiDriverClient: driver name ebs\.csi\.aws\.com not found in the list of registered CSI drivers$/,
    );
  });

  it("is reported of with what its mount said, and again less and less often", async () => {
    const mountFails = "mount failed: exit status 32";
    await run(CLAIM, { does: { mountFails }, on: { volume: "data" } });
    await passTime(under.cluster, 170_000);
    const [event, ...others] = under.cluster.store
      .list("events", "shop")
      .filter(({ reason }) => reason === "FailedMount");
    expect(event?.message).to.match(
      /^MountVolume\.SetUp failed for volume "pvc-.*" : mount failed: exit status 32$/,
    );
    expect(event?.count, "after 0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, 63.5 and 127.5 s").to.equal(9);
    expect(others).to.deep.equal([]);
  });
});

describe("a container whose name is still reserved", () => {
  it("is created when the runtime has given the name up", async () => {
    const under = await runPod({ containers: [container("app")] }, ({ nodeFaults }) => {
      nodeFaults.add({ does: { create: "nameReserved" }, forMs: 30_000 });
    });
    try {
      const waiting = () => under.container()?.state.waiting;
      await under.until("the failure shows", () => waiting()?.reason === "CreateContainerError");
      const { uid } = under.pod().metadata;
      const name = `"app_web_shop_${uid}_0"`;
      expect(waiting()?.message).to.match(
        new RegExp(`^failed to reserve container name ${name}: name ${name} is reserved for "[0-9a-f]{64}"$`),
      );
      expect(under.events("Failed")).to.deep.equal([`Error: ${waiting()?.message}`]);
      await under.until("it runs", () => under.container()?.state.running !== undefined);
      expect(under.container()?.restartCount).to.equal(0);
    } finally {
      await under.stop();
    }
  });
});
