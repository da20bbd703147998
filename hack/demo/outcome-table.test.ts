import { expect } from "chai";
import { outcomeTable } from "./outcome-table.ts";

describe("outcomeTable", () => {
  it("aligns the columns and says which outcomes are right", () => {
    const lines = outcomeTable([
      {
        scenario: "wrong-port",
        wanted: "rolled back, NotReady",
        got: "rolled back, NotReady",
        faults: [],
        secondsToDetect: 25,
        secondsToRecover: 6,
      },
      {
        scenario: "slow-start",
        wanted: "not rolled back",
        got: "Held, NotReady",
        faults: ["An Incident was opened."],
        secondsToDetect: undefined,
        secondsToRecover: undefined,
      },
    ]);
    expect(lines).to.deep.equal([
      {
        verdict: "head",
        text: "scenario    wanted                 got                    detected after  recovered after",
      },
      {
        verdict: "ok",
        text: "wrong-port  rolled back, NotReady  rolled back, NotReady            25 s              6 s  ✓ ok",
      },
      {
        verdict: "wrong",
        text: "slow-start  not rolled back        Held, NotReady                      –                –  ✗ wrong",
      },
    ]);
  });
});
