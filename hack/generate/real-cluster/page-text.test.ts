import { expect } from "chai";
import { realClusterPage } from "./page-text.ts";
import type { RealClusterResults, ScenarioMeasurement } from "./results.ts";

const fails = (seconds: { sign: number; patch?: number; restored?: number }): ScenarioMeasurement => ({
  name: "health-500",
  title: "its health check returns 500",
  kind: "fails",
  outcome: "passed",
  seconds: 80,
  facts: {
    progressDeadlineSeconds: 600,
    incident: { name: "shop-1", reason: "NotReady", message: "No pod is ready." },
    secondsToFirstSign: seconds.sign,
    ...(seconds.patch !== undefined && { secondsToPatch: seconds.patch }),
    ...(seconds.restored !== undefined && { secondsToRestored: seconds.restored }),
  },
});

const RESULTS: RealClusterResults = {
  cluster: "local",
  version: "v1.36.2",
  cores: 2,
  rounds: [
    {
      scenarios: [
        fails({ sign: 2.4, patch: 46.2, restored: 48 }),
        {
          name: "slow-start",
          title: "to a slow one",
          kind: "leftAlone",
          outcome: "passed",
          seconds: 171,
        },
      ],
      kills: [{ name: "after-patch", title: "right after the patch", secondsToRecovered: 17.6 }],
      idle: {
        guards: 20,
        costs: [
          { isLeader: false, residentBytes: 110e6, processorPercent: 0.4, requestsPerMinute: 28 },
          { isLeader: true, residentBytes: 118e6, processorPercent: 0.51, requestsPerMinute: 27 },
        ],
      },
    },
    { scenarios: [fails({ sign: 3, patch: 49, restored: 52.4 })] },
  ],
};

describe("the page about the real cluster", () => {
  const page = realClusterPage(RESULTS);

  it("shows each failing scenario with the least and the most of its seconds, beside Kubernetes' own deadline", () => {
    expect(page).to.contain(
      "| health-500: its health check returns 500 | NotReady | 2–3 s | 46–49 s | 48–52 s | after 600 s |",
    );
  });

  it("says that nothing was rolled back where nothing was", () => {
    const [round] = RESULTS.rounds;
    const held = realClusterPage({ ...RESULTS, rounds: [{ ...round, scenarios: [fails({ sign: 2 })] }] });
    expect(held).to.contain("| 2 s | none |  | after 600 s |");
  });

  it("says that Kubernetes never reports a rollout that it calls complete", () => {
    const scenario = fails({ sign: 2, patch: 25, restored: 30 });
    const facts = { progressDeadlineSeconds: 600, ...scenario.facts, isCalledComplete: true as const };
    const complete = realClusterPage({ ...RESULTS, rounds: [{ scenarios: [{ ...scenario, facts }] }] });
    expect(complete).to.contain("| never: it calls the rollout complete |");
  });

  it("shows how long was watched what must be left alone, the kills, and the costs with the leader first", () => {
    expect(page).to.contain("| slow-start: to a slow one | 171 s |");
    expect(page).to.contain("| right after the patch | 18 s |");
    expect(page).to.match(/\| leads \| 118 MB \| 0\.5 % \| 27 \|\n\| stands by \| 110 MB \| 0\.4 % \| 28 \|/);
  });

  it("counts what passed", () => {
    expect(page).to.contain("3 of 3 passed");
  });
});
