import { expect } from "chai";
import { scheduling } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { changing, withReferences } from "../testing/facts.ts";
import { aFirstRollout, aRollout, type Scene } from "../testing/scene.ts";
import { isPlacementChanged } from "./placement.ts";

describe("isPlacementChanged", () => {
  const isIn = (scene: Scene) => isPlacementChanged(rolloutIn(scene));

  it("is so when the release asks something else of a node than the good revision", () => {
    expect(isIn(aRollout(changing(scheduling("asks for a lot"))))).to.equal(true);
    expect(isIn(aRollout())).to.equal(false);
    expect(isIn(aRollout(withReferences(scheduling("asks for a lot"))))).to.equal(false);
  });

  it("is not so where there is nothing to compare with", () => {
    expect(isIn(aFirstRollout(changing(scheduling("asks for a lot"))))).to.equal(false);
  });
});
