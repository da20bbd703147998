import { expect } from "chai";
import { type Evidence, judge } from "./outcome.ts";
import { slowStart } from "./scenarios/slow-start.ts";
import { wrongPort } from "./scenarios/wrong-port.ts";
import { anIncident, aRecoveredIncident, aSight, SECOND } from "./testing/sights.ts";

const rolledBack: Evidence = {
  firstHash: "first",
  sight: aSight(40, { incidents: [aRecoveredIncident()] }),
  rollbacks: 1,
  seconds: 31,
  isOver: true,
};
const leftAlone: Evidence = {
  firstHash: "first",
  sight: aSight(80, { newest: { ...SECOND, pods: 3, running: 3, ready: 3 } }),
  rollbacks: 0,
  seconds: 70,
  isOver: true,
};

describe("judge", () => {
  it("is content with one rollback to the first revision for the right reason", () => {
    expect(judge(wrongPort, rolledBack)).to.deep.equal({
      scenario: "wrong-port",
      wanted: "rolled back, NotReady",
      got: "rolled back, NotReady",
      faults: [],
      secondsToDetect: 25,
      secondsToRecover: 6,
    });
  });

  it("is content with a slow version that is live and good, without an Incident", () => {
    expect(judge(slowStart, leftAlone)).to.include({ wanted: "not rolled back", got: "not rolled back" });
    expect(judge(slowStart, leftAlone).faults).to.deep.equal([]);
  });

  const sight = rolledBack.sight;
  for (const [what, evidence, fault] of [
    ["a second rollback", { ...rolledBack, rollbacks: 2 }, "The Deployment was patched 2 times; expected 1."],
    [
      "another revision than the first",
      { ...rolledBack, firstHash: "other" },
      "Revision first runs; expected other.",
    ],
    [
      "an Incident that goes on",
      { ...rolledBack, sight: { ...sight, incidents: [anIncident({ phase: "Verifying" })] } },
      "The Incident is Verifying; expected Recovered.",
    ],
    [
      "no Incident",
      { ...rolledBack, sight: { ...sight, incidents: [] } },
      "There are 0 Incidents; expected 1.",
    ],
    [
      "pods that are not ready",
      { ...rolledBack, sight: aSight(1, { incidents: sight.incidents, newest: undefined }) },
      "0 of 3 pods are ready.",
    ],
    [
      "a Service that lacks endpoints",
      { ...rolledBack, sight: { ...sight, endpoints: 1 } },
      "The Service has 1 ready endpoints; expected 3.",
    ],
  ] as const) {
    it(`finds fault with ${what}`, () => {
      expect(judge(wrongPort, evidence).faults).to.include(fault);
    });
  }

  it("finds fault with what did not come to an end", () => {
    const { faults } = judge(wrongPort, { ...rolledBack, seconds: 180, isOver: false });
    expect(faults).to.deep.equal(["It was not finished after 180s."]);
  });

  it("finds fault with the wrong reason", () => {
    const scenario = { ...wrongPort, expected: { outcome: "rolledBack", reason: "CrashLooping" } } as const;
    expect(judge(scenario, rolledBack).faults).to.deep.equal([
      "The reason is NotReady; expected CrashLooping.",
    ]);
  });

  it("finds fault with a rollback of the slow version", () => {
    const outcome = judge(slowStart, rolledBack);
    expect(outcome.got).to.equal("rolled back, NotReady");
    expect(outcome.faults).to.deep.equal([
      "Incident app-second was opened (NotReady); expected none.",
      "The Deployment was patched; no patch was expected.",
      "The old revision still runs; expected the new one.",
    ]);
  });

  it("finds fault with a slow version that is not yet good", () => {
    const baking = { ...leftAlone.sight, guard: { reason: "RolloutBaking", message: "" } };
    const outcome = judge(slowStart, { ...leftAlone, sight: baking });
    expect(outcome.faults).to.deep.equal(["The reason of the guard is RolloutBaking; expected RolloutGood."]);
    expect(outcome.got).to.equal("no decision in time");
  });
});
