import { expect } from "chai";
import { decisionIn } from "../../domain/testing/expect-decision.ts";
import { withHttpCheck, withMetricCheck } from "../../domain/testing/samples.ts";
import { aRollout } from "../../domain/testing/scene.ts";
import { askedByCommands } from "./asked-by-commands.ts";

describe("askedByCommands", () => {
  it("leaves out what metric and HTTP checks ask, so that their state in the guard's status counts", () => {
    for (const check of [withMetricCheck(), withHttpCheck()]) {
      const { questions } = decisionIn(aRollout(check));
      expect(questions).to.have.length.above(0);
      expect(askedByCommands(questions)).to.deep.equal([]);
    }
  });

  it("keeps what is asked of the API server", () => {
    const events = { ask: "podEvents", key: "podEvents", for: "decide", maxAgeMs: 1, pods: [] } as const;
    expect(askedByCommands([events])).to.deep.equal([events]);
  });
});
