// Containers that end: crashes, memory, init containers, deletion. Needs a kubelet, real or simulated.
import { expect } from "chai";
import { type ContractCase, IMAGES } from "../contract-case.ts";
import { webPod } from "../manifests.ts";
import { conditionOf, eventOf, NOT_READY, podSeen, podWhose, waiting } from "../pods.ts";

export const ENDS: readonly ContractCase[] = [
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
