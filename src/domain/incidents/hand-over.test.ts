import { expect } from "chai";
import { decide } from "../decide.ts";
import { crashed } from "../testing/a-pod.ts";
import { anIncident } from "../testing/an-incident.ts";
import { crashing, withIncidents, withPods, withSpec, withWorkload } from "../testing/facts.ts";
import { later, minutes } from "../testing/instants.ts";
import { aRestoredWorkload, aRollout, aSettledWorkload, type Fact, type Scene } from "../testing/scene.ts";
import { runUntilSettled } from "../testing/small-world.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";

const held = withWorkload({ blocksNextApply: true });
const observing: Fact = (scene) => ({ ...scene, surroundings: { ...scene.surroundings, observeOnly: true } });

const effectsIn = (scene: Scene) => decide(snapshotOf(scene), scene.now).effects.map(({ type }) => type);

describe("fields that a rollback changed", () => {
  for (const [title, scene] of [
    [
      "while the rollback is verified",
      aRestoredWorkload(withIncidents(anIncident({ phase: "Verifying", sentAt: later(minutes(1)) })), held),
    ],
    ["later, when that was missed", aSettledWorkload(held)],
    ["when a newer release came before that", aRollout(held)],
  ] as const) {
    it(`are handed over ${title}, once`, () => {
      const { decisions, snapshot } = runUntilSettled(snapshotOf(scene), scene.now);
      const handed = decisions.flatMap(({ effects }) =>
        effects.filter(({ type }) => type === "handOverFields"),
      );
      expect(handed).to.have.length(1);
      expect(snapshot.workload?.blocksNextApply).to.equal(undefined);
    });
  }

  it("stay as they are where nobody else applies the workload", () => {
    for (const scene of [aRestoredWorkload(), aSettledWorkload(), aRollout()]) {
      expect(effectsIn(scene)).to.not.include("handOverFields");
    }
  });

  it("wait for a change that is decided at the same moment: that ends the pass", () => {
    const effects = effectsIn(aRollout(crashing, held));
    expect(effects.indexOf("change")).to.be.within(0, effects.indexOf("handOverFields") - 1);
  });

  it("stay as they are while the guard or the operator only observes, or the workload is deleted", () => {
    for (const fact of [withSpec({ mode: "Observe" }), observing, withWorkload({ isDeleting: true })]) {
      expect(effectsIn(aRollout(withPods(3, crashed({ restarts: 2 })), held, fact))).to.not.include(
        "handOverFields",
      );
    }
  });
});
