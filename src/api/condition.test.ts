import { expect } from "chai";
import { type Condition, setCondition } from "./condition.ts";

const EARLIER = "2026-11-21T06:00:00.000Z";
const LATER = "2026-11-21T06:05:00.000Z";

const ready: Condition = {
  type: "Ready",
  status: "True",
  reason: "RolloutGood",
  message: "All is well.",
  observedGeneration: 1,
  lastTransitionTime: EARLIER,
};

describe("setCondition", () => {
  it("adds a condition with the time of its transition", () => {
    const { lastTransitionTime: _, ...next } = ready;
    expect(setCondition([], next, EARLIER)).to.deep.equal([ready]);
  });

  it("keeps the time while the status stays, whatever else changes", () => {
    const [changed] = setCondition(
      [ready],
      { ...ready, reason: "Other", message: "Why.", observedGeneration: 2 },
      LATER,
    );
    expect(changed).to.deep.equal({ ...ready, reason: "Other", message: "Why.", observedGeneration: 2 });
  });

  it("moves the time when the status changes", () => {
    const [changed] = setCondition([ready], { ...ready, status: "False" }, LATER);
    expect(changed).to.include({ status: "False", lastTransitionTime: LATER });
  });

  it("leaves other conditions alone and sorts by type", () => {
    const healthy = { ...ready, type: "Healthy" };
    expect(setCondition([ready], healthy, LATER).map(({ type }) => type)).to.deep.equal(["Healthy", "Ready"]);
    expect(setCondition([healthy], ready, LATER)).to.deep.include(healthy);
  });

  it("changes nothing that it is given", () => {
    const conditions = Object.freeze([Object.freeze({ ...ready })]);
    setCondition(conditions, { ...ready, status: "Unknown" }, LATER);
    expect(conditions).to.deep.equal([ready]);
  });
});
