import { expect } from "chai";
import { OPERATOR_SOURCE } from "../operator-process.ts";
import { QUICK } from "./plan.ts";
import { runBench } from "./run-bench.ts";

describe("the bench", () => {
  it("measures every figure on a small scene, and counts right", async () => {
    const results = await runBench(
      {
        ...QUICK,
        sections: new Set(["sync", "load", "latency", "storm"]),
        size: { guards: 5, unguarded: 4, pods: 4 },
        settleMs: 0,
        loadMs: 500,
        quietMs: 300,
        rates: [100],
        samplesLoaded: 2,
        storms: [3],
        isPlain: false,
        // The bundle need not be built for tests; the sources are the same program.
        operator: { file: OPERATOR_SOURCE },
      },
      () => {},
    );

    const counts = Object.fromEntries(
      Object.entries(results.objects).map(([resource, { count }]) => [resource, count]),
    );
    expect(counts).to.deep.equal({
      deployments: 9,
      replicasets: 18,
      pods: 36,
      services: 9,
      endpointslices: 9,
      rolloutguards: 5,
    });
    expect(results.objects["pods"]?.meanBytes).to.be.within(5_000, 9_000);
    expect(results).to.include({ guardedPods: 20, podsBesideGuards: 8 });

    const { sync, loads = [], reactions = [], storms = [] } = results;
    expect(sync?.startToFilledSeconds).to.be.greaterThan(sync?.firstRequestToFilledSeconds ?? 0);
    expect(sync?.peakRssMB).to.be.greaterThan(30);

    const [load] = loads;
    expect(load?.changesPerSecond).to.be.greaterThan(10);
    expect(load?.medianRssMB).to.be.greaterThan(30);

    const [reaction] = reactions;
    expect(reaction?.samples).to.equal(2);
    expect(reaction?.p50).to.be.greaterThan(0);

    const [storm] = storms;
    expect(storm?.rollouts).to.equal(3);
    expect(storm?.requests).to.include({ "patch deployments": 3, "create incidents": 3 });
    expect(storm?.allRecoveredSeconds).to.be.greaterThan(storm?.allPatchedSeconds ?? 0);
    expect(storm?.peakSockets).to.be.within(1, 8);
  });
});
