// What a kubelet says of containers that fail: status of the pod and texts of the Events. Needs a real one, or the simulated.
import { expect } from "chai";
import type { ContainerStatus, CoreEvent, Pod } from "../../../hack/simulated-cluster/api-server/kinds.ts";
import { type ContractCase, IMAGES } from "../contract-case.ts";
import { webPod } from "../manifests.ts";
import type { Site } from "../site.ts";

type Options = Parameters<typeof webPod>[0];

/** Creates the pod `web` and gives it back once its only container says what is looked for. */
async function podWhose(
  site: Site,
  options: Options,
  what: string,
  look: (status: ContainerStatus, pod: Pod) => boolean,
) {
  await site.create("pods", webPod(options));
  return podThat(site, what, look);
}

async function podThat(site: Site, what: string, look: (status: ContainerStatus, pod: Pod) => boolean) {
  const pod = await podSeen(site, what, (found) => statusesOf(found).some((status) => look(status, found)));
  const status = statusesOf(pod).find((each) => look(each, pod));
  if (status === undefined) throw new Error(`${what}, and it does not say so`);
  return { pod, status };
}

const statusesOf = ({ status }: Pod) => status.containerStatuses ?? [];

/** The pod as it is, or as it comes to be. By a watch: some states last for a moment only. */
async function podSeen(site: Site, what: string, look: (pod: Pod) => boolean): Promise<Pod> {
  const watch = await site.watch<Pod>("pods", "resourceVersion=0&fieldSelector=metadata.name%3Dweb");
  const line = await site.eventually(what, () => watch.lines.find(({ object }) => look(object)));
  watch.close();
  return line.object;
}

/** The first Event of this reason about the pod whose message fits. */
function eventOf(site: Site, reason: string, message: RegExp): Promise<CoreEvent> {
  return site.eventually(`an Event ${reason} ${message}`, async () => {
    const events = await site.events("web");
    return events.find((event) => event.reason === reason && message.test(event.message));
  });
}

const waiting = (reason: string) => (status: ContainerStatus) => status.state.waiting?.reason === reason;

function conditionOf({ status }: Pod, type: string) {
  const { reason, message, status: value } = status.conditions?.find((each) => each.type === type) ?? {};
  return { status: value, reason, message };
}

const NOT_READY = {
  status: "False",
  reason: "ContainersNotReady",
  message: "containers with unready status: [app]",
};

export const CONTAINERS: readonly ContractCase[] = [
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
      const events = await site.events("web");
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
    title:
      "a readiness probe that nobody answers is Unhealthy: connection refused, and the container is not ready",
    needsKubelet: true,
    async play(site) {
      const probe = { httpGet: { path: "/healthz", port: 9999 }, periodSeconds: 1 };
      await site.create("pods", webPod({ container: { readinessProbe: probe } }));
      const event = await eventOf(site, "Unhealthy", /./);
      expect(event.type).to.equal("Warning");
      expect(event.message).to.match(
        /^Readiness probe failed: Get "http:\/\/[\d.]+:9999\/healthz": dial tcp [\d.]+:9999: connect: connection refused$/,
      );
      expect(event.involvedObject).to.include({
        kind: "Pod",
        name: "web",
        fieldPath: "spec.containers{app}",
      });
      expect(event.source).to.include({ component: "kubelet" });
      const { pod, status } = await podThat(site, "it runs", ({ state }) => state.running !== undefined);
      expect([status.ready, status.started, status.restartCount]).to.deep.equal([false, true, 0]);
      expect(conditionOf(pod, "Ready")).to.deep.equal(NOT_READY);
      expect(conditionOf(pod, "ContainersReady")).to.deep.equal(NOT_READY);
    },
  },
  {
    title: "a readiness probe that is answered with 500 is Unhealthy with that status code",
    needsKubelet: true,
    async play(site) {
      await site.create("pods", webPod({ env: { HEALTH: "500" } }));
      await eventOf(site, "Unhealthy", /^Readiness probe failed: HTTP probe failed with statuscode: 500$/);
    },
  },
  {
    title: "a readiness probe that is answered too late is Unhealthy: Client.Timeout exceeded",
    needsKubelet: true,
    async play(site) {
      await site.create("pods", webPod({ env: { HEALTH_DELAY: "5s" } }));
      await eventOf(
        site,
        "Unhealthy",
        /^Readiness probe failed: Get "http:\/\/[\d.]+:8080\/healthz": context deadline exceeded \(Client\.Timeout exceeded while awaiting headers\)$/,
      );
    },
  },
  {
    title: "a probe that fails again and again is counted up in one Event",
    needsKubelet: true,
    async play(site) {
      await site.create("pods", webPod({ env: { HEALTH: "500" } }));
      const event = await site.eventually("it has failed three times", async () => {
        const events = await site.events("web");
        return events.find(({ reason, count }) => reason === "Unhealthy" && Number(count) >= 3);
      });
      expect(Date.parse(event.lastTimestamp ?? "")).to.be.above(Date.parse(event.firstTimestamp ?? ""));
    },
  },
  {
    title:
      "a container that crashes is restarted at once, then backs off in CrashLoopBackOff, and tells how it ended",
    needsKubelet: true,
    async play(site) {
      const env = { CRASH: "1", EXIT_CODE: "3", EXIT_MESSAGE: "no database" };
      const { pod, status } = await podWhose(
        site,
        { env },
        "it backs off after a restart",
        (each) => each.restartCount >= 1 && each.state.waiting?.reason === "CrashLoopBackOff",
      );
      const { uid, namespace } = pod.metadata;
      expect(status.state).to.deep.equal({
        waiting: {
          reason: "CrashLoopBackOff",
          message: `back-off ${10 * 2 ** (status.restartCount - 1)}s restarting failed container=app pod=web_${namespace}(${uid})`,
        },
      });
      const { terminated } = status.lastState;
      expect(terminated).to.include({ exitCode: 3, reason: "Error", message: "no database" });
      expect(terminated?.finishedAt).to.match(/Z$/);
      expect(status).to.include({ ready: false, started: false });
      expect([pod.status.phase, conditionOf(pod, "Ready")]).to.deep.equal(["Running", NOT_READY]);
      const event = await eventOf(site, "BackOff", /./);
      expect([event.type, event.message]).to.deep.equal([
        "Warning",
        `Back-off restarting failed container app in pod web_${namespace}(${uid})`,
      ]);
    },
  },
  {
    title: "a container that ends well is Completed, and backs off as one that crashes",
    needsKubelet: true,
    async play(site) {
      const { status } = await podWhose(
        site,
        { env: { EXIT_AFTER: "200ms" } },
        "it backs off",
        waiting("CrashLoopBackOff"),
      );
      expect(status.lastState.terminated).to.include({ exitCode: 0, reason: "Completed" });
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
    title: "a container that takes more memory than it may is OOMKilled with exit code 137",
    needsKubelet: true,
    async play(site) {
      const resources = { limits: { memory: "32Mi" } };
      const { status } = await podWhose(
        site,
        { env: { OOM_AFTER: "500ms" }, container: { resources } },
        "it was killed",
        ({ lastState, state }) => (lastState.terminated ?? state.terminated) !== undefined,
      );
      const terminated = status.lastState.terminated ?? status.state.terminated;
      expect(terminated).to.include({ exitCode: 137, reason: "OOMKilled" });
    },
  },
  {
    title: "an init container that fails keeps the pod Pending in PodInitializing, and crash-loops itself",
    needsKubelet: true,
    async play(site) {
      const initContainers = [
        {
          name: "migrate",
          image: IMAGES.application("v1"),
          imagePullPolicy: "IfNotPresent",
          env: [
            { name: "CRASH", value: "1" },
            { name: "EXIT_MESSAGE", value: "no table" },
          ],
        },
      ];
      await site.create("pods", webPod({ pod: { initContainers } }));
      const pod = await podSeen(site, "it backs off", ({ status }) => {
        const [init] = status.initContainerStatuses ?? [];
        return init?.state.waiting?.reason === "CrashLoopBackOff";
      });
      const [init] = pod.status.initContainerStatuses ?? [];
      expect(init?.lastState.terminated).to.include({ exitCode: 1, reason: "Error", message: "no table" });
      expect(init?.restartCount).to.be.at.least(1);
      const [app] = pod.status.containerStatuses ?? [];
      expect([app?.state, app?.started]).to.deep.equal([{ waiting: { reason: "PodInitializing" } }, false]);
      expect(pod.status.phase).to.equal("Pending");
      expect(conditionOf(pod, "Initialized")).to.deep.equal({
        status: "False",
        reason: "ContainersNotInitialized",
        message: "containers with incomplete status: [migrate]",
      });
      await eventOf(site, "BackOff", /^Back-off restarting failed container migrate in pod web_/);
    },
  },
  {
    title: "a liveness probe that fails three times kills the container, which is restarted at once",
    needsKubelet: true,
    async play(site) {
      const livenessProbe = { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 };
      const { status } = await podWhose(
        site,
        { env: { HEALTH: "500" }, container: { livenessProbe } },
        "it was restarted",
        ({ restartCount }) => restartCount === 1,
      );
      expect(status.lastState.terminated).to.include({ exitCode: 2, reason: "Error" });
      await eventOf(site, "Unhealthy", /^Liveness probe failed: HTTP probe failed with statuscode: 500$/);
      const killing = await eventOf(site, "Killing", /./);
      expect([killing.type, killing.message]).to.deep.equal([
        "Normal",
        "Container app failed liveness probe, will be restarted",
      ]);
    },
  },
  {
    title: "a startup probe holds back readiness, and kills when it has failed for too long",
    needsKubelet: true,
    async play(site) {
      const startupProbe = {
        httpGet: { path: "/healthz", port: 8080 },
        periodSeconds: 1,
        failureThreshold: 2,
      };
      await site.create("pods", webPod({ env: { HEALTH: "500" }, container: { startupProbe } }));
      await eventOf(site, "Unhealthy", /^Startup probe failed: HTTP probe failed with statuscode: 500$/);
      await eventOf(site, "Killing", /^Container app failed startup probe, will be restarted$/);
      const events = await site.events("web");
      expect(events.filter(({ message }) => message.startsWith("Readiness"))).to.deep.equal([]);
    },
  },
  {
    title:
      "a command that does not exist is a StartError with exit code 128 or a RunContainerError that says what is missing",
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
  {
    title: "a pod that is deleted says Killing, is not ready any more, and its endpoint terminates",
    needsKubelet: true,
    async play(site) {
      const pod = { terminationGracePeriodSeconds: 5 };
      await podWhose(site, { env: { IGNORE_TERM: "1" }, pod }, "it is ready", ({ ready }) => ready);
      await site.api.request("DELETE", site.path("pods", "web"));
      const event = await eventOf(site, "Killing", /./);
      expect([event.type, event.message]).to.deep.equal(["Normal", "Stopping container app"]);
      await site.eventually("it is gone", async () => (await site.pods()).length === 0);
    },
  },
];
