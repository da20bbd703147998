import { expect } from "chai";
import { readOptions } from "./options.ts";

describe("the options of the bench", () => {
  it("ask for the full scene when nothing is given", () => {
    const { plan, mustMeetLimits } = readOptions([]);
    expect(plan.size).to.deep.equal({ guards: 2_000, unguarded: 1_000, pods: 10 });
    expect(plan.storms).to.deep.equal([200, 1_000]);
    expect(mustMeetLimits).to.equal(false);
  });

  it("leave out the storms for which there are not enough guards", () => {
    expect(readOptions(["--guards", "1000"]).plan.storms).to.deep.equal([200]);
  });

  it("are refused when each rollout cannot have a guard of its own", () => {
    expect(() => readOptions(["--guards", "10", "--only", "latency"])).to.throw("500 are needed");
  });

  it("are refused when they name no part of the bench or no number", () => {
    expect(() => readOptions(["--only", "sync,speed"])).to.throw('not "speed"');
    expect(() => readOptions(["--guards", "many"])).to.throw('not "many"');
  });
});
