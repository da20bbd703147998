// Bad rollouts: how soon they are undone, one after the other and many at once, and what that costs.
import { setTimeout as sleep } from "node:timers/promises";
import type { RolloutsOutcome } from "../cluster/commands.ts";
import { requestsForWork } from "../cluster/operator-traffic.ts";
import { percentile } from "../percentile.ts";
import { usageOf } from "../process/process-usage.ts";
import type { Stage } from "../stage.ts";

/** The guards have more patience with unready pods than that, or another check would decide. */
const ARMED_WITHIN_MS = 240_000;
const UNDONE_WITHIN_MS = 120_000;
const QUIET_WITHIN_MS = 20_000;

/** Times in ms. */
export interface ReactionFigures {
  readonly unrelatedPerSecond: number;
  readonly samples: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly slowest: number;
}

/** Rolls out bad versions at a steady rate and measures each from its decisive event to its patch. */
export async function measureReaction(
  stage: Stage,
  samples: number,
  unrelatedPerSecond: number,
): Promise<ReactionFigures> {
  const { cluster } = stage;
  const perSecond = 4;
  await cluster.send("outcome", { reset: true });
  await cluster.send("load", { perSecond: unrelatedPerSecond });
  try {
    await cluster.send("rollOut", { count: samples, perSecond, isHeld: false });
    const limitMs = (samples / perSecond) * 1_000 + UNDONE_WITHIN_MS;
    const outcome = await untilRecovered(stage, samples, limitMs);
    const { latenciesMs } = outcome;
    return {
      unrelatedPerSecond,
      samples: latenciesMs.length,
      perSecond,
      p50: percentile(latenciesMs, 0.5),
      p99: percentile(latenciesMs, 0.99),
      slowest: Math.max(...latenciesMs),
    };
  } finally {
    await cluster.send("load", { perSecond: 0 });
  }
}

export interface StormFigures {
  readonly rollouts: number;
  /** From the decisive events, all at one moment, until the last patch. */
  readonly allPatchedSeconds: number;
  /** The same until every Incident says Recovered. */
  readonly allRecoveredSeconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** All requests of the operator from the decisive events until it has told that all have recovered, for each rollback. */
  readonly requestsEach: number;
  /** The same from the release of the bad versions until the decisive events: it shows their progress in the guards. */
  readonly requestsEachBefore: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly peakSockets: number;
  /** Processor time from the decisive events until all have recovered, of the operator and of the cluster's process. */
  readonly cpuSeconds: number;
  readonly clusterCpuSeconds: number;
}

/**
 * Has that many bad rollouts come to their decisive event at the same moment.
 * @param quietMs so long without a request: the operator has nothing to do any more
 */
export async function measureStorm(stage: Stage, rollouts: number, quietMs: number): Promise<StormFigures> {
  const { cluster, operator } = stage;
  await untilQuiet(stage, quietMs);
  await cluster.send("outcome", { reset: true });
  await cluster.send("traffic", { reset: true });
  await cluster.send("rollOut", { count: rollouts, perSecond: 0, isHeld: true });
  await until(stage, ARMED_WITHIN_MS, ({ armed }) => armed === rollouts, "the bad versions crash");
  await untilQuiet(stage, quietMs);
  const before = await cluster.send("traffic", { reset: true });
  const startedAt = performance.now();
  const cpuOf = (): number[] => [operator, cluster].map(({ pid }) => usageOf(pid).cpuSeconds);
  const [operatorBefore = 0, clusterBefore = 0] = cpuOf();
  await cluster.send("decide", null);
  const { latenciesMs, firstDecisionToLastPatchMs = 0 } = await untilRecovered(
    stage,
    rollouts,
    UNDONE_WITHIN_MS,
  );
  const allRecoveredSeconds = (performance.now() - startedAt) / 1_000;
  const [operatorAfter = 0, clusterAfter = 0] = cpuOf();
  await untilQuiet(stage, quietMs);
  const { requests, refusals, peakSockets } = await cluster.send("traffic", { reset: false });
  return {
    rollouts,
    allPatchedSeconds: firstDecisionToLastPatchMs / 1_000,
    allRecoveredSeconds,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    requestsEach: requestsForWork(requests) / rollouts,
    requestsEachBefore: requestsForWork(before.requests) / rollouts,
    requests,
    refusals,
    peakSockets: Math.max(peakSockets, before.peakSockets),
    cpuSeconds: operatorAfter - operatorBefore,
    clusterCpuSeconds: clusterAfter - clusterBefore,
  };
}

async function untilRecovered(stage: Stage, count: number, limitMs: number): Promise<RolloutsOutcome> {
  const isDone = ({ phases }: RolloutsOutcome): boolean => phases["Recovered"] === count;
  const outcome = await until(stage, limitMs, isDone, "all are rolled back and recovered");
  const { patched, patches, early, reasons } = outcome;
  if (patched !== count || patches !== count || early > 0 || reasons["CrashLooping"] !== count) {
    throw new Error(`not what was to be measured: ${formatted(outcome)}`);
  }
  return outcome;
}

async function until(
  { cluster, operator }: Stage,
  limitMs: number,
  isDone: (outcome: RolloutsOutcome) => boolean,
  what: string,
): Promise<RolloutsOutcome> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const outcome = await cluster.send("outcome", { reset: false });
    if (isDone(outcome)) return outcome;
    if (!operator.isRunning || performance.now() > endsAt) {
      const log = operator.logTail(5).join("\n");
      throw new Error(`not within ${limitMs / 1_000} s: ${what}; ${formatted(outcome)}\n${log}`);
    }
    await sleep(100);
  }
}

/** Resolves when the operator asks for nothing any more, or after a while anyway. */
async function untilQuiet({ cluster }: Stage, quietMs: number): Promise<void> {
  const endsAt = Date.now() + QUIET_WITHIN_MS;
  for (;;) {
    const { lastRequestAt = 0 } = await cluster.send("traffic", { reset: false });
    if (Date.now() - lastRequestAt > quietMs || Date.now() > endsAt) return;
    await sleep(100);
  }
}

function formatted(outcome: RolloutsOutcome): string {
  const { latenciesMs: _latenciesMs, ...rest } = outcome;
  return JSON.stringify(rest);
}
