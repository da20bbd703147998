import { expect } from "chai";
import {
  aPod,
  cannotBeCreated,
  containerIs,
  crashed,
  notReadyYet,
  onLostNode,
  type PodTrait,
  unschedulable,
  waitsFor,
} from "../testing/a-pod.ts";
import { NEW } from "../testing/a-revision.ts";
import { extraContainer, startupProbe } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { changing, losingService, warned, withPods, withReferences } from "../testing/facts.ts";
import { later, minutes, seconds, T0 } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { podStates, runningInitContainer } from "./waiting-pods.ts";

/** How a pod of the rollout is after ten minutes. */
function stateOf(trait: PodTrait, ...facts: readonly Fact[]) {
  const scene = aRollout(losingService, ...facts, withPods(1, trait), at(minutes(10)));
  const [state] = podStates(rolloutIn(scene), scene.now);
  return state && [state.is, state.why];
}

const migrate = changing(extraContainer("migrate", "init"));
/** Its init container is in this state, and the app waits for it. */
const migrating =
  (changes: Parameters<typeof containerIs>[1]): PodTrait =>
  (pod) =>
    containerIs("migrate", { isReady: false, ...changes })(waitsFor("PodInitializing")(pod));
const running = (startedAt: number) => migrating({ state: { is: "running", startedAt } });

describe("a pod of the rollout", () => {
  it("is well when it is ready", () => {
    expect(stateOf((pod) => pod)).to.deep.equal(["well", "ready"]);
  });

  it("waits while its node is lost", () => {
    expect(stateOf(onLostNode(later(minutes(2))))).to.deep.equal(["waiting", "its node is unreachable"]);
  });

  it("waits while no scheduler has handled it, or a gate holds it back, as both were asked for before", () => {
    const unseen: PodTrait = (pod) => ({
      ...waitsFor("")(pod),
      containers: [],
      scheduled: { ok: false, at: T0 },
    });
    const gated: PodTrait = (pod) => ({
      ...unseen(pod),
      scheduled: { ok: false, at: T0, reason: "SchedulingGated" },
    });
    expect(stateOf(unseen)).to.deep.equal(["waiting", "no scheduler has handled it"]);
    expect(stateOf(gated)).to.deep.equal(["waiting", "a scheduling gate holds it back"]);
    for (const field of ["schedulerName", "schedulingGates"]) {
      const other = changing((template) => ({ ...template, otherFields: { [field]: 1 } }));
      expect(stateOf(unseen, other)?.[0]).to.equal("unwell");
      expect(stateOf(gated, other)?.[0]).to.equal("unwell");
    }
  });

  it("has two and a half minutes at least while no service is lost, however short the deadline is", () => {
    const stateAfter = (ms: number) => {
      const scene = aRollout(withPods(1, notReadyYet), at(ms));
      return podStates(rolloutIn(scene), scene.now)[0]?.is;
    };
    expect(stateAfter(seconds(150))).to.equal("waiting");
    expect(stateAfter(seconds(153))).to.equal("unwell");
  });

  it("waits while an init container runs that has not failed, for an hour", () => {
    const words = "init container migrate is running";
    expect(stateOf(running(later(seconds(2))), migrate)).to.deep.equal(["waiting", words]);
    expect(stateOf(running(T0 - minutes(51)), migrate)).to.deep.equal(["unwell", words]);
    const again = migrating({ restarts: 1, state: { is: "running", startedAt: later(minutes(9)) } });
    expect(stateOf(again, migrate)?.[0]).to.equal("unwell");
  });

  it("waits while it runs and its probes allow longer", () => {
    const slow = withReferences(startupProbe({ periodMs: seconds(10), failureThreshold: 90 }));
    expect(stateOf(notReadyYet, slow)).to.deep.equal(["waiting", "it is running but not ready"]);
    expect(stateOf(notReadyYet)).to.deep.equal(["unwell", "it is running but not ready"]);
  });

  it("does not wait once a container of it has failed: it has had its time", () => {
    const slow = withReferences(startupProbe({ periodMs: seconds(10), failureThreshold: 90 }));
    const killed: PodTrait = (pod) => ({ ...notReadyYet(pod), firstFailureAt: later(minutes(2)) });
    expect(stateOf(killed, slow)?.[0]).to.equal("unwell");
  });

  it("waits while its image is pulled or its volumes are mounted, and nobody complains", () => {
    const creating = waitsFor("ContainerCreating");
    expect(stateOf(creating)).to.deep.equal([
      "waiting",
      "its image is being pulled, or its volumes are being mounted",
    ]);
    const missing = 'MountVolume.SetUp failed for volume "v": secret "tls" not found';
    expect(stateOf(creating, warned("FailedMount", missing))).to.deep.equal(["unwell", missing]);
  });

  it("waits for an image that is pulled after its init containers, whatever was said of volumes before", () => {
    const pulling = waitsFor("PodInitializing");
    const before = warned("FailedMount", 'secret "tls" not found');
    expect(stateOf(pulling, migrate, before)?.[0]).to.equal("waiting");
  });

  it("is not well when it crashes, cannot be created, or has no node, and says why", () => {
    expect(stateOf(crashed({ restarts: 1 }))).to.deep.equal([
      "unwell",
      "container app: CrashLoopBackOff: back-off restarting",
    ]);
    expect(stateOf(cannotBeCreated("no such key", T0))?.[1]).to.contain("no such key");
    expect(stateOf(unschedulable(T0))?.[1]).to.contain("Insufficient memory");
  });
});

describe("the init container that runs", () => {
  const withInit = { ...NEW, template: extraContainer("migrate", "init")(NEW.template) };
  const inPod = (trait: PodTrait) => runningInitContainer(aPod(withInit, 0, T0, [trait]));

  it("is one that has not failed yet", () => {
    expect(inPod(running(later(seconds(2))))).to.deep.equal({
      name: "migrate",
      startedAt: later(seconds(2)),
    });
    const again = migrating({ restarts: 1, state: { is: "running", startedAt: T0 } });
    expect(inPod(again)).to.equal(undefined);
  });

  it("is none when it is done or waits, nor any other container", () => {
    expect(inPod((pod) => pod)).to.equal(undefined);
    expect(inPod(migrating({ state: { is: "waiting", reason: "PodInitializing", message: "" } }))).to.equal(
      undefined,
    );
  });
});
