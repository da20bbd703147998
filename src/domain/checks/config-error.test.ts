import { expect } from "chai";
import { decide } from "../decide.ts";
import {
  cannotBeCreated,
  containerIs,
  evicted,
  imageMissing,
  type PodTrait,
  waitsFor,
} from "../testing/a-pod.ts";
import { extraContainer } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import { andPods, changing, losingService, warned, withPods, withSpec } from "../testing/facts.ts";
import { later, minutes, seconds, T0 } from "../testing/instants.ts";
import { aRollout, at, type Fact, given } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { configError } from "./config-error.ts";

const noSecret = cannotBeCreated('secret "database" not found', later(seconds(2)));
const inCreation = waitsFor("ContainerCreating");
const missingVolume = 'MountVolume.SetUp failed for volume "settings": configmap "settings" not found';

/** A rollout that is losing service. */
const hurting = (...facts: readonly Fact[]) => aRollout(losingService, ...facts);

describe("configError", () => {
  it("finds nothing wrong with containers that run", () => {
    expectHealthy(configError, hurting());
  });

  it("gives a Secret the guard's patience to appear, 20 s by default while service is lost", () => {
    expectPending(configError, hurting(withPods(3, noSecret), at(seconds(21))), seconds(22));
    expectFailing(configError, "ContainerConfigError", hurting(withPods(3, noSecret), at(seconds(22))));
    const patient = withSpec({ checks: { configError: { patience: "90s" } } });
    for (const scene of [hurting(patient, withPods(3, noSecret)), aRollout(patient, withPods(3, noSecret))]) {
      expectPending(configError, scene, seconds(92));
    }
  });

  it("gives what an operator may still create two minutes while nobody is hurt", () => {
    for (const missing of ['secret "database" not found', 'configmap "settings" not found']) {
      const waiting = withPods(3, cannotBeCreated(missing, later(seconds(2))));
      const finding = expectPending(configError, aRollout(waiting, at(seconds(121))), seconds(122));
      expect(finding.verdict === "pending" && finding.message).to.contain("cannot start yet");
      expectFailing(configError, "ContainerConfigError", aRollout(waiting, at(seconds(122))));
    }
  });

  it("gives a mistake of the release 20 s, hurt or not: nobody creates it", () => {
    const mistakes = [
      "couldn't find key URL in Secret shop/database",
      'exec: "/app/servr": stat /app/servr: no such file or directory',
      "container has runAsNonRoot and image will run as root",
    ];
    for (const mistake of mistakes) {
      const stuck = withPods(3, cannotBeCreated(mistake, later(seconds(2))));
      expectPending(configError, aRollout(stuck, at(seconds(21))), seconds(22));
      expectFailing(configError, "ContainerConfigError", aRollout(stuck, at(seconds(22))));
    }
  });

  it("gives a hook of the release, which is tried again, the time of what the release does", () => {
    const hook = cannotBeCreated("command '/bin/register' exited with 1: ", later(seconds(2)));
    const failing: PodTrait = (pod) =>
      containerIs("app", {
        state: { is: "waiting", reason: "PostStartHookError", message: "exited with 1" },
      })(hook(pod));
    expectPending(configError, aRollout(withPods(3, failing)), seconds(152));
    expectPending(configError, hurting(withPods(3, failing), at(seconds(21))), seconds(22));
  });

  it("gives a runtime that is behind minutes, and until the deadline while nobody is hurt", () => {
    const reserved = 'failed to reserve container name "app_checkout_0": name is reserved';
    const stuck = withPods(3, cannotBeCreated(reserved, later(seconds(2))));
    expectPending(configError, hurting(stuck), seconds(182));
    expectPending(configError, aRollout(stuck), minutes(10));
  });

  it("quotes what is missing", () => {
    const finding = expectFailing(configError, "ContainerConfigError", hurting(withPods(3, noSecret)));
    expect(finding.message).to.contain("3 of 3 pods cannot start: container app: CreateContainerConfig");
    expect(finding.message).to.contain('secret "database" not found');
  });

  it("leaves images to imagePull", () => {
    expectHealthy(configError, hurting(withPods(3, imageMissing(later(0)))));
  });

  it("finds nothing wrong while fewer than half of the pods are affected", () => {
    expectHealthy(configError, hurting(withPods(2), andPods(1, noSecret)));
  });

  it("does not count evicted pods", () => {
    expectHealthy(configError, hurting(withPods(3, noSecret, evicted)));
  });

  describe("volumes", () => {
    it("counts a pod in creation for half a minute when an Event names the missing volume and service is lost", () => {
      const scene = hurting(withPods(3, inCreation), warned("FailedMount", missingVolume));
      expectPending(configError, given(scene, at(seconds(29))), seconds(30));
      const finding = expectFailing(configError, "ContainerConfigError", scene);
      expect(finding.message).to.contain('configmap "settings" not found');
    });

    it("takes a complaint for answered when the kubelet has not repeated it for minutes", () => {
      const rollout = snapshotOf(
        hurting(withPods(3, inCreation), warned("FailedMount", missingVolume), at(minutes(9))),
      );
      const events = rollout.events.map((event) => ({ ...event, lastAt: T0 }));
      expect(decide({ ...rollout, events }, T0 + minutes(9)).phase).to.equal("Progressing");
    });

    it("does not count an Event without the pod's status to bear it out", () => {
      expectHealthy(configError, hurting(withPods(3), warned("FailedMount", missingVolume)));
    });

    it("gives a missing volume two minutes while nobody is hurt, and the kubelet's next try to mount it", () => {
      const scene = aRollout(withPods(3, inCreation), warned("FailedMount", missingVolume));
      expectPending(configError, given(scene, at(seconds(134))), seconds(135));
      expectFailing(configError, "ContainerConfigError", given(scene, at(seconds(135))));
    });

    it("gives what is expected to come minutes, and until the deadline while nobody is hurt", () => {
      const words = [
        ["FailedMount", "Unable to attach or mount volumes: timed out waiting for the condition"],
        ["FailedMount", "driver name ebs.csi.aws.com not found in the list of registered CSI drivers"],
        ["FailedAttachVolume", 'Multi-Attach error for volume "pvc-1": already used by pod(s) checkout-0'],
        ["FailedCreatePodSandBox", "failed to setup network for sandbox: no IP addresses available"],
      ] as const;
      for (const [reason, message] of words) {
        const scene = given(aRollout(withPods(3, inCreation), warned(reason, message)), at(minutes(2)));
        expectPending(configError, given(scene, losingService), seconds(180));
        expectPending(configError, scene, minutes(10));
      }
    });

    it("goes by the words that prove most", () => {
      const late = warned("FailedMount", "Unable to attach or mount volumes: timed out");
      const scene = hurting(withPods(3, inCreation), late, warned("FailedMount", missingVolume));
      expectFailing(configError, "ContainerConfigError", scene);
    });

    it("does not count a pod in creation without an Event about its volumes", () => {
      expectHealthy(configError, hurting(withPods(3, inCreation), at(seconds(300))));
      const elsewhere = warned("FailedScheduling", missingVolume);
      expectHealthy(configError, hurting(withPods(3, inCreation), elsewhere, at(seconds(300))));
    });

    it("counts a pod with init containers too: all its containers wait for the volumes", () => {
      const waiting = { is: "waiting", reason: "PodInitializing", message: "" } as const;
      const scene = hurting(
        changing(extraContainer("migrate", "init")),
        withPods(3, waitsFor("PodInitializing"), containerIs("migrate", { isReady: false, state: waiting })),
        warned("FailedMount", missingVolume),
      );
      expectFailing(configError, "ContainerConfigError", scene);
    });

    it("does not count a pod that has its volumes: an init container runs", () => {
      const scene = hurting(
        changing(extraContainer("migrate", "init")),
        withPods(3, waitsFor("PodInitializing")),
        warned("FailedMount", missingVolume),
      );
      expectHealthy(configError, given(scene, at(seconds(300))));
    });
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { configError: { enabled: false } } });
    expectHealthy(configError, hurting(off, withPods(3, noSecret)));
  });
});
