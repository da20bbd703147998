import { expect } from "chai";
import {
  aPod,
  cannotBeCreated,
  containerIs,
  crashed,
  notReadyYet,
  type PodTrait,
  unschedulable,
  waitsFor,
} from "../testing/a-pod.ts";
import { NEW } from "../testing/a-revision.ts";
import { extraContainer } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { warned, withPods } from "../testing/facts.ts";
import { later, minutes, seconds, T0 } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { isBeforeStart, isBeingCreated, lastComplaint, volumeComplaints } from "./pod-creation.ts";

const inCreation = waitsFor("ContainerCreating");
const withInit = { ...NEW, template: extraContainer("migrate", "init")(NEW.template) };
const waiting = (reason: string) => ({ is: "waiting", reason, message: "" }) as const;
const plain = (...traits: readonly PodTrait[]) => aPod(NEW, 0, T0, traits);
/** Its app waits for the init container, which is in this state. */
const initialising = (migrate: PodTrait) => aPod(withInit, 0, T0, [waitsFor("PodInitializing"), migrate]);
const initIs = (state: Parameters<typeof containerIs>[1]["state"]): PodTrait =>
  containerIs("migrate", { ...(state && { state }) });
const ended = (exitCode: number) =>
  initIs({ is: "terminated", reason: "", exitCode, startedAt: T0, finishedAt: T0, message: "" });

describe("a pod that is being created", () => {
  it("has no container that was started: the node mounts all volumes before the first one", () => {
    expect(isBeingCreated(plain(inCreation))).to.equal(true);
    expect(isBeingCreated(initialising(initIs(waiting("PodInitializing"))))).to.equal(true);
    expect(isBeingCreated(initialising(initIs({ is: "running", startedAt: T0 })))).to.equal(false);
    expect(isBeingCreated(initialising(ended(0)))).to.equal(false);
  });

  it("has a node, and waits for nothing else", () => {
    for (const trait of [
      unschedulable(T0),
      notReadyYet,
      crashed({ restarts: 1 }),
      cannotBeCreated('secret "x" not found', T0),
    ]) {
      expect(isBeingCreated(plain(trait))).to.equal(false);
      expect(isBeforeStart(plain(trait))).to.equal(false);
    }
  });

  it("is before its start, also when its init containers are done and the image is pulled", () => {
    expect(isBeforeStart(plain(inCreation))).to.equal(true);
    expect(isBeforeStart(initialising(ended(0)))).to.equal(true);
    expect(isBeforeStart(initialising(ended(1)))).to.equal(false);
    expect(isBeforeStart(initialising(initIs({ is: "running", startedAt: T0 })))).to.equal(false);
  });
});

describe("volumeComplaints", () => {
  const mount = 'MountVolume.SetUp failed for volume "v": configmap "settings" not found';
  const complaintsIn = (...facts: readonly Fact[]) => {
    const scene = aRollout(withPods(1, inCreation), ...facts);
    const rollout = rolloutIn(scene);
    const [pod] = rollout.pods;
    return pod ? volumeComplaints(rollout, pod, scene.now).map(({ complaint }) => complaint) : [];
  };

  it("are Events about mounts, attachments and sandboxes, those that prove most first", () => {
    const late = warned("FailedAttachVolume", "Multi-Attach error");
    const sandbox = warned("FailedCreatePodSandBox", "no IP addresses available");
    expect(complaintsIn(late, sandbox, warned("FailedMount", mount))).to.deep.equal([
      "missingObject",
      "expected",
      "expected",
    ]);
  });

  it("are no other Events, nor those about other objects", () => {
    expect(complaintsIn(warned("Failed", mount), warned("FailedScheduling", mount))).to.deep.equal([]);
    const other: Fact = (scene) => ({
      ...scene,
      otherEvents: [
        {
          type: "Warning",
          involved: { kind: "Pod", name: "another", uid: "another" },
          reason: "FailedMount",
          message: mount,
          count: 1,
          lastAt: scene.now,
        },
      ],
    });
    expect(complaintsIn(other)).to.deep.equal([]);
  });

  it("are answered when the kubelet has not repeated them in two and a half minutes", () => {
    const scene = aRollout(withPods(1, inCreation), warned("FailedMount", mount));
    const rollout = rolloutIn(scene);
    const [pod] = rollout.pods;
    const heardAfter = (ms: number) => pod && volumeComplaints(rollout, pod, scene.now - seconds(0.5) + ms);
    expect(heardAfter(seconds(149))).to.have.length(1);
    expect(heardAfter(seconds(150))).to.have.length(0);
  });
});

describe("lastComplaint", () => {
  const saidOf = (trait: PodTrait, ...facts: readonly Fact[]) => {
    const rollout = rolloutIn(aRollout(withPods(1, trait), at(minutes(1)), ...facts));
    const [pod] = rollout.pods;
    return pod && lastComplaint(rollout, pod, later(minutes(1)));
  };

  it("quotes the scheduler, the volumes, or the container, in this order", () => {
    expect(saidOf(unschedulable(T0))).to.equal("0/3 nodes are available: 3 Insufficient memory.");
    expect(saidOf(inCreation, warned("FailedMount", "no such volume"))).to.equal("no such volume");
    expect(saidOf(cannotBeCreated("no such key", T0))).to.equal(
      "container app: CreateContainerConfigError: no such key",
    );
    const over: PodTrait = containerIs("app", {
      isReady: false,
      state: { is: "terminated", reason: "Error", exitCode: 3, startedAt: T0, finishedAt: T0, message: "" },
    });
    expect(saidOf(over)).to.equal("container app terminated with exit code 3");
  });

  it("says that there is none where nobody complains", () => {
    expect(saidOf(inCreation)).to.equal("no reason given");
    expect(saidOf(notReadyYet)).to.equal("no reason given");
  });
});
