import { expect } from "chai";
import { decisionIn, effectsOf, statusAfter } from "../testing/expect-decision.ts";
import { completedAfter, crashing, withGuard, withStatus } from "../testing/facts.ts";
import { minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, given, type Scene } from "../testing/scene.ts";

function eventsIn(scene: Scene): readonly string[] {
  return effectsOf(decisionIn(scene), "publishEvent").map(
    ({ event }) => `${event.type} ${event.reason} on ${event.on}`,
  );
}

describe("guardEvents", () => {
  const complete = completedAfter(seconds(10));

  it("tells once that a revision has become good", () => {
    const scene = aRollout(complete, at(minutes(9)));
    expect(eventsIn(scene)).to.deep.equal(["Normal RolloutGood on RolloutGuard"]);
    expect(eventsIn(given(scene, withStatus(statusAfter(scene))))).to.deep.equal([]);
  });

  it("warns once that a guard cannot work, and again when the reason is another", () => {
    const scene = aRollout(crashing, withGuard({ olderGuard: "first" }));
    expect(eventsIn(scene)).to.deep.equal(["Warning DuplicateGuard on RolloutGuard"]);
    const reported = given(scene, withStatus(statusAfter(scene)));
    expect(eventsIn(reported)).to.deep.equal([]);
    expect(eventsIn(given(reported, withGuard({ spec: { invalid: "no" } })))).to.deep.equal([
      "Warning InvalidSpec on RolloutGuard",
    ]);
  });

  it("is silent while a rollout bakes", () => {
    expect(eventsIn(aRollout(complete))).to.deep.equal([]);
  });
});
