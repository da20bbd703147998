import { expect } from "chai";
import { decide } from "../decide.ts";
import { cannotBeCreated, containerIs, evicted, imageMissing, waitsFor } from "../testing/a-pod.ts";
import { extraContainer } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import { andPods, changing, warned, withPods, withSpec } from "../testing/facts.ts";
import { later, minutes, seconds, T0 } from "../testing/instants.ts";
import { aRollout, at, given } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { configError } from "./config-error.ts";

const noSecret = cannotBeCreated('secret "database" not found', later(seconds(2)));
const inCreation = waitsFor("ContainerCreating");
const missingVolume = 'MountVolume.SetUp failed for volume "settings": configmap "settings" not found';

describe("configError", () => {
  it("finds nothing wrong with containers that run", () => {
    expectHealthy(configError, aRollout());
  });

  it("gives a Secret the guard's patience to appear, 20 s by default", () => {
    expectPending(configError, aRollout(withPods(3, noSecret), at(seconds(21))), seconds(22));
    expectFailing(configError, "ContainerConfigError", aRollout(withPods(3, noSecret), at(seconds(22))));
    const patient = withSpec({ checks: { configError: { patience: "90s" } } });
    expectPending(configError, aRollout(patient, withPods(3, noSecret)), seconds(92));
  });

  it("quotes what is missing", () => {
    const finding = expectFailing(configError, "ContainerConfigError", aRollout(withPods(3, noSecret)));
    expect(finding.message).to.contain("3 of 3 pods cannot be created: container app: CreateContainerConfig");
    expect(finding.message).to.contain('secret "database" not found');
  });

  it("leaves images to imagePull", () => {
    expectHealthy(configError, aRollout(withPods(3, imageMissing(later(0)))));
  });

  it("finds nothing wrong while fewer than half of the pods are affected", () => {
    expectHealthy(configError, aRollout(withPods(2), andPods(1, noSecret)));
  });

  it("does not count evicted pods", () => {
    expectHealthy(configError, aRollout(withPods(3, noSecret, evicted)));
  });

  describe("volumes", () => {
    it("counts a pod in creation for half a minute when an Event names the missing volume", () => {
      const scene = aRollout(withPods(3, inCreation), warned("FailedMount", missingVolume));
      expectPending(configError, given(scene, at(seconds(29))), seconds(30));
      const finding = expectFailing(configError, "ContainerConfigError", scene);
      expect(finding.message).to.contain('configmap "settings" not found');
    });

    it("takes a complaint for answered when the kubelet has not repeated it for minutes", () => {
      const rollout = snapshotOf(
        aRollout(withPods(3, inCreation), warned("FailedMount", missingVolume), at(minutes(9))),
      );
      const events = rollout.events.map((event) => ({ ...event, lastAt: T0 }));
      expect(decide({ ...rollout, events }, T0 + minutes(9)).phase).to.equal("Progressing");
    });

    it("does not count an Event without the pod's status to bear it out", () => {
      expectHealthy(configError, aRollout(withPods(3), warned("FailedMount", missingVolume)));
    });

    it("does not count a pod in creation without an Event that names what is missing", () => {
      expectHealthy(configError, aRollout(withPods(3, inCreation), at(seconds(300))));
      const slow = warned("FailedMount", "Unable to attach or mount volumes: timed out");
      expectHealthy(configError, aRollout(withPods(3, inCreation), slow, at(seconds(300))));
      const elsewhere = warned("FailedScheduling", missingVolume);
      expectHealthy(configError, aRollout(withPods(3, inCreation), elsewhere, at(seconds(300))));
    });

    it("counts a pod with init containers too: all its containers wait for the volumes", () => {
      const waiting = { is: "waiting", reason: "PodInitializing", message: "" } as const;
      const scene = aRollout(
        changing(extraContainer("migrate", "init")),
        withPods(3, waitsFor("PodInitializing"), containerIs("migrate", { isReady: false, state: waiting })),
        warned("FailedMount", missingVolume),
      );
      expectFailing(configError, "ContainerConfigError", scene);
    });

    it("does not count a pod that has its volumes: an init container runs", () => {
      const scene = aRollout(
        changing(extraContainer("migrate", "init")),
        withPods(3, waitsFor("PodInitializing")),
        warned("FailedMount", missingVolume),
      );
      expectHealthy(configError, given(scene, at(seconds(300))));
    });
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { configError: { enabled: false } } });
    expectHealthy(configError, aRollout(off, withPods(3, noSecret)));
  });
});
