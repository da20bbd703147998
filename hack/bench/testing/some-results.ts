// Results of the bench for tests: plausible, with every part.
import type { LoadFigures } from "../measure/load.ts";
import type { BenchResults, GrowthPoint } from "../results.ts";

export function someLoad(wantedPerSecond: number, changes: Partial<LoadFigures> = {}): LoadFigures {
  return {
    wantedPerSecond,
    changesPerSecond: wantedPerSecond,
    seconds: 30,
    medianRssMB: 150,
    peakRssMB: 160,
    cpuPercent: 3,
    clusterCpuPercent: 10,
    ...changes,
  };
}

/** A point of the growth series whose memory is on a straight line: 100 MB and 2 kB a pod. */
function someGrowth(guards: number): GrowthPoint {
  const guardedPods = guards * 10;
  return {
    guards,
    guardedPods,
    sync: someSync(),
    load: someLoad(200, { medianRssMB: 100 + guardedPods * 0.002 }),
    reaction: { unrelatedPerSecond: 200, samples: 100, perSecond: 4, p50: 9, p99: 30, slowest: 40 },
  };
}

function someSync() {
  return {
    startToFilledSeconds: 6.4,
    firstRequestToFilledSeconds: 6,
    peakRssMB: 190,
    startToAllStatusesSeconds: 9,
    peakRssWithFirstPassesMB: 195,
    cpuSeconds: 8,
  };
}

export function someResults(changes: Partial<BenchResults> = {}): BenchResults {
  return {
    takenAt: "2026-11-21T12:00:00Z",
    revision: "abc1234",
    versions: { operator: "0.1.0", node: "24.0.0" },
    machine: { cores: 2, cpu: "Some CPU", memoryGB: 16, system: "linux", loadBefore: 0 },
    transport: "HTTP/1.1",
    size: { guards: 2_000, unguarded: 1_000, pods: 10 },
    objects: { pods: { count: 30_000, meanBytes: 8_800 } },
    guardedPods: 20_000,
    podsBesideGuards: 8_000,
    sync: someSync(),
    loads: [someLoad(0), someLoad(200), someLoad(2_000)],
    reactions: [
      { unrelatedPerSecond: 0, samples: 200, perSecond: 4, p50: 9, p99: 25, slowest: 40 },
      { unrelatedPerSecond: 200, samples: 150, perSecond: 4, p50: 9, p99: 60, slowest: 80 },
    ],
    storms: [
      {
        rollouts: 200,
        allPatchedSeconds: 3,
        allRecoveredSeconds: 5,
        p50Ms: 1_500,
        p99Ms: 2_900,
        requestsEach: 8,
        requestsEachBefore: 1,
        requests: {},
        refusals: {},
        peakSockets: 8,
        cpuSeconds: 2,
        clusterCpuSeconds: 3,
      },
    ],
    growth: [500, 1_000, 5_000].map(someGrowth),
    bystanders: { guards: 2_000, withoutMB: 140, bystanderPods: 20_000, withMB: 143 },
    ...changes,
  };
}
