import { expect } from "chai";
import { decisionIn } from "../testing/expect-decision.ts";
import { crashing, withSpec, withWorkload } from "../testing/facts.ts";
import { minutes, seconds } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";

describe("hold", () => {
  it("looks again soon where the brake does not say when it ends: a container that runs on fails no more", () => {
    for (const brake of [withSpec({ mode: "Observe" }), withWorkload({ veto: "not now" })]) {
      const scene = aRollout(crashing, brake, at(minutes(5)));
      const { wakeAt = 0 } = decisionIn(scene);
      expect(wakeAt).to.be.within(scene.now + 1, scene.now + seconds(15));
    }
  });
});
