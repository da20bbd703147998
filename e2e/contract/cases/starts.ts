// Containers that cannot be started: images, Secrets, ConfigMaps, volumes, commands. Needs a kubelet, real or simulated.
import { expect } from "chai";
import { type ContractCase, IMAGES } from "../contract-case.ts";
import { webPod } from "../manifests.ts";
import { eventOf, podThat, podWhose, waiting } from "../pods.ts";

export const STARTS: readonly ContractCase[] = [
  {
    title: "a pod that starts well is scheduled, pulled, created, started, in that order, and Ready",
    needsKubelet: true,
    async play(site) {
      const { pod, status } = await podWhose(site, {}, "it is ready", ({ ready }) => ready);
      expect(status).to.deep.include({ name: "app", restartCount: 0, started: true, lastState: {} });
      expect(status.state.running?.startedAt).to.match(/Z$/);
      expect(pod.status.phase).to.equal("Running");
      expect(pod.status.conditions?.map(({ type, status: value }) => `${type} ${value}`)).to.have.members([
        "PodReadyToStartContainers True",
        "Initialized True",
        "Ready True",
        "ContainersReady True",
        "PodScheduled True",
      ]);
      await eventOf(site, "Started", /./);
      // A node may ask for what the pod mounts before the API server lets it; it asks again.
      const events = (await site.events("web")).filter(({ reason }) => reason !== "FailedMount");
      const texts = events.map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
      const [scheduled, pulled, created, started] = texts;
      expect(scheduled).to.match(
        new RegExp(`^Normal Scheduled: Successfully assigned ${site.namespace}/web to \\S+$`),
      );
      expect(pulled).to.equal(
        `Normal Pulled: Container image "${IMAGES.application("v1")}" already present on machine and can be accessed by the pod`,
      );
      expect([created, started]).to.deep.equal([
        "Normal Created: Container created",
        "Normal Started: Container started",
      ]);
    },
  },
  {
    title: "an image that cannot be pulled is ErrImagePull, then ImagePullBackOff, with the cause in both",
    needsKubelet: true,
    async play(site) {
      const { status } = await podWhose(
        site,
        { image: IMAGES.missing },
        "the pull failed",
        waiting("ErrImagePull"),
      );
      expect(status.state.waiting?.message).to.include(`failed to pull and unpack image "${IMAGES.missing}"`);
      const { status: later, pod } = await podThat(site, "it backs off", waiting("ImagePullBackOff"));
      expect(later.state.waiting?.message).to.match(
        new RegExp(`^Back-off pulling image "${IMAGES.missing}": ErrImagePull: `),
      );
      expect([pod.status.phase, later.restartCount, later.started]).to.deep.equal(["Pending", 0, false]);
      const failed = await eventOf(site, "Failed", /^Failed to pull image/);
      expect([
        failed.type,
        failed.message.startsWith(`Failed to pull image "${IMAGES.missing}": `),
      ]).to.deep.equal(["Warning", true]);
      await eventOf(site, "Pulling", new RegExp(`^Pulling image "${IMAGES.missing}"$`));
      await eventOf(site, "Failed", /^Error: ErrImagePull$/);
      await eventOf(site, "Failed", /^Error: ImagePullBackOff$/);
      const backOff = await eventOf(site, "BackOff", /./);
      expect([backOff.type, backOff.message]).to.deep.equal([
        "Normal",
        `Back-off pulling image "${IMAGES.missing}"`,
      ]);
    },
  },
  {
    title: "an image name that cannot be one is InvalidImageName",
    needsKubelet: true,
    async play(site) {
      const { status } = await podWhose(
        site,
        { image: "Not A Name" },
        "it is told",
        waiting("InvalidImageName"),
      );
      expect(status.state.waiting?.message).to.equal(
        'Failed to apply default image tag "Not A Name": couldn\'t parse image name "Not A Name": invalid reference format: repository name (library/Not A Name) must be lowercase',
      );
      await eventOf(site, "InspectFailed", /^Failed to apply default image tag "Not A Name"/);
    },
  },
  {
    title:
      "a Secret that is missing, or has not the key, is CreateContainerConfigError with its name, and heals when it comes",
    needsKubelet: true,
    async play(site) {
      const env = [{ name: "PASSWORD", valueFrom: { secretKeyRef: { name: "database", key: "password" } } }];
      const { status } = await podWhose(
        site,
        { container: { env } },
        "it is told",
        waiting("CreateContainerConfigError"),
      );
      expect(status.state.waiting?.message).to.equal('secret "database" not found');
      await eventOf(site, "Failed", /^Error: secret "database" not found$/);
      await site.create("secrets", { metadata: { name: "database" }, stringData: { other: "x" } });
      const { status: later } = await podThat(
        site,
        "the key is missed",
        ({ state }) => state.waiting?.message?.startsWith("couldn't find key") === true,
      );
      expect(later.state.waiting).to.deep.equal({
        reason: "CreateContainerConfigError",
        message: `couldn't find key password in Secret ${site.namespace}/database`,
      });
      const path = site.path("secrets", "database");
      await site.jsonPatch(path, [{ op: "add", path: "/data/password", value: "eA==" }]);
      await podThat(site, "it runs", ({ ready }) => ready);
    },
  },
  {
    title: "a ConfigMap that is missing is CreateContainerConfigError with its name",
    needsKubelet: true,
    async play(site) {
      const envFrom = [{ configMapRef: { name: "settings" } }];
      const { status } = await podWhose(
        site,
        { container: { envFrom } },
        "it is told",
        waiting("CreateContainerConfigError"),
      );
      expect(status.state.waiting?.message).to.equal('configmap "settings" not found');
    },
  },
  {
    title:
      "a Secret that is missing as a volume keeps the pod in ContainerCreating, and is told by FailedMount alone",
    needsKubelet: true,
    async play(site) {
      const volumes = [{ name: "keys", secret: { secretName: "keys" } }];
      const volumeMounts = [{ name: "keys", mountPath: "/keys" }];
      await site.create("pods", webPod({ container: { volumeMounts }, pod: { volumes } }));
      const event = await eventOf(site, "FailedMount", /./);
      expect([event.type, event.message]).to.deep.equal([
        "Warning",
        'MountVolume.SetUp failed for volume "keys" : secret "keys" not found',
      ]);
      const { status } = await podThat(site, "it waits", waiting("ContainerCreating"));
      expect(status.state).to.deep.equal({ waiting: { reason: "ContainerCreating" } });
    },
  },
  {
    title: "a command that does not exist is a StartError with exit code 128 that says what is missing",
    needsKubelet: true,
    async play(site) {
      const command = ["/not-there"];
      const { status } = await podWhose(
        site,
        { env: { COMMAND_MISSING: "1" }, container: { command } },
        "it could not be started",
        ({ lastState }) => lastState.terminated !== undefined,
      );
      expect(status.lastState.terminated).to.include({ exitCode: 128, reason: "StartError" });
      expect(status.lastState.terminated?.message).to.include("no such file or directory");
      await eventOf(
        site,
        "Failed",
        /^Error: failed to create containerd task: failed to create shim task: OCI runtime create failed: /,
      );
    },
  },
];
