import { expect } from "chai";
import { cannotBeCreated, containerIs, imageMissing, type PodTrait, waitsFor } from "../testing/a-pod.ts";
import { NEW } from "../testing/a-revision.ts";
import { warned, withPods } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { rolloutOf } from "./rollout.ts";
import { startTroubleSince } from "./start-failure.ts";

const SEEN_AT = later(minutes(2));
const TOLD_AT = later(seconds(3));
const IMAGE = NEW.template.containers[0]?.image ?? "";
const notPulled = `Failed to pull image "${IMAGE}": not found`;

function since(trait: PodTrait, ...facts: readonly Fact[]): number | undefined {
  const scene = aRollout(withPods(3, trait), at(minutes(3)), ...facts);
  const snapshot = snapshotOf(scene);
  const rollout = rolloutOf(snapshot, scene.now);
  const pod = snapshot.pods.find(({ revisionId }) => revisionId === NEW.id);
  if (!rollout || !pod) throw new Error("the scene has no rollout with pods");
  return startTroubleSince(rollout, pod);
}

describe("since when a container cannot be started", () => {
  it("is when the kubelet's Events first said so, also to an operator that has just started", () => {
    expect(since(imageMissing(SEEN_AT), warned("Failed", notPulled, TOLD_AT))).to.equal(TOLD_AT + 1_000);
    const noSecret = 'secret "database" not found';
    const reported = warned("Failed", `Error: ${noSecret}`, TOLD_AT);
    expect(since(cannotBeCreated(noSecret, SEEN_AT), reported)).to.equal(TOLD_AT + 1_000);
  });

  it("is when it was seen without Events, or where they came later", () => {
    expect(since(imageMissing(SEEN_AT))).to.equal(SEEN_AT);
    expect(since(imageMissing(SEEN_AT), warned("Failed", notPulled))).to.equal(SEEN_AT);
    expect(since(imageMissing(SEEN_AT), warned("Failed", notPulled, SEEN_AT + 5_000))).to.equal(SEEN_AT);
  });

  it("is not when something else was said: of another image, another object, another reason", () => {
    const others = [
      warned("Failed", 'Failed to pull image "registry.example/proxy:1": not found', TOLD_AT),
      warned("Failed", 'Error: secret "other" not found', TOLD_AT),
      warned("BackOff", notPulled, TOLD_AT),
    ];
    for (const other of others) {
      expect(since(imageMissing(SEEN_AT), other)).to.equal(SEEN_AT);
      expect(since(cannotBeCreated('secret "database" not found', SEEN_AT), other)).to.equal(SEEN_AT);
    }
  });

  it("is not from before the container ran: an Event tells of an earlier start", () => {
    const ranOnce: PodTrait = (pod) => containerIs("app", { restarts: 1 })(imageMissing(SEEN_AT)(pod));
    expect(since(ranOnce, warned("Failed", notPulled, TOLD_AT))).to.equal(SEEN_AT);
  });

  it("is never for a pod that is only being created, or runs", () => {
    expect(since(waitsFor("ContainerCreating"), warned("Failed", notPulled, TOLD_AT))).to.equal(undefined);
    expect(since((pod) => pod)).to.equal(undefined);
  });
});
