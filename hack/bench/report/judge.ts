// Every figure beside its limit. Limits are those of a 2-core machine with the full scene. Pure.
import type { BenchResults } from "../results.ts";

/** One figure. Without a limit it only informs. */
export interface Judged {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: number;
  /** Whether the limit is kept; undefined without one. */
  readonly isMet?: boolean;
}

/** The growth series must not grow by more than this for each guarded pod (kB). */
const KB_PER_POD = 3;
/** What two runs of the same scene differ by anyway (MB): less is no growth. */
const NOISE_MB = 10;
const SYNC_SECONDS = 8;
const RSS_MB = 200;
const CPU_PERCENT_AT_200 = 5;
const REACTION_MS = { idle: 50, loaded: 100 };
const STORM_SECONDS: Readonly<Record<number, number>> = { 200: 10, 1000: 30 };
const REQUESTS_EACH = 8;
const SOCKETS = 8;

/** All figures of the results, in the order of the table. */
export function judge(results: BenchResults): readonly Judged[] {
  return [
    ...syncFigures(results),
    ...loadFigures(results),
    ...reactionFigures(results),
    ...stormFigures(results),
    ...growthFigures(results),
  ];
}

function figure(what: string, value: number, unit: string, limit?: number): Judged {
  if (limit === undefined) return { what, value, unit };
  return { what, value, unit, limit, isMet: value <= limit };
}

function syncFigures({ sync }: BenchResults): Judged[] {
  if (!sync) return [];
  return [
    figure("first sync, from the start of the process", sync.startToFilledSeconds, "s", SYNC_SECONDS),
    figure("first sync, from its first request", sync.firstRequestToFilledSeconds, "s"),
    figure("first sync, peak memory", sync.peakRssMB, "MB"),
    figure("first sync, until every guard has a status", sync.startToAllStatusesSeconds, "s"),
  ];
}

function loadFigures({ loads = [] }: BenchResults): Judged[] {
  return loads.flatMap((load) => {
    const when = load.wantedPerSecond === 0 ? "idle" : `${formatted(load.wantedPerSecond)} changes/s`;
    const cpuLimit = load.wantedPerSecond === 200 ? CPU_PERCENT_AT_200 : undefined;
    return [
      figure(`memory (RSS), ${when}`, load.medianRssMB, "MB", RSS_MB),
      figure(`CPU, ${when}`, load.cpuPercent, "% of a core", cpuLimit),
    ];
  });
}

function reactionFigures({ reactions = [] }: BenchResults): Judged[] {
  return reactions.flatMap(({ unrelatedPerSecond, p50, p99 }) => {
    const when = unrelatedPerSecond === 0 ? "idle" : `${formatted(unrelatedPerSecond)} changes/s`;
    const limit = unrelatedPerSecond === 0 ? REACTION_MS.idle : REACTION_MS.loaded;
    return [
      figure(`decisive event to patch, p50, ${when}`, p50, "ms"),
      figure(`decisive event to patch, p99, ${when}`, p99, "ms", limit),
    ];
  });
}

function stormFigures({ storms = [] }: BenchResults): Judged[] {
  return storms.flatMap((storm) => {
    const what = `${formatted(storm.rollouts)} bad rollouts at once`;
    return [
      figure(`${what}, all rolled back`, storm.allPatchedSeconds, "s", STORM_SECONDS[storm.rollouts]),
      figure(`${what}, all recovered`, storm.allRecoveredSeconds, "s"),
      figure(`${what}, requests each from the evidence on`, storm.requestsEach, "", REQUESTS_EACH),
      figure(`${what}, requests each before the evidence`, storm.requestsEachBefore, ""),
      figure(`${what}, CPU for each`, (storm.cpuSeconds / storm.rollouts) * 1_000, "ms"),
      figure(`${what}, sockets`, storm.peakSockets, "", SOCKETS),
    ];
  });
}

function growthFigures({ growth = [], bystanders }: BenchResults): Judged[] {
  const figures: Judged[] = [];
  if (growth.length > 1)
    figures.push(figure("memory for each guarded pod", kilobytesPerPod(growth), "kB", KB_PER_POD));
  if (bystanders) {
    const what = `growth with ${formatted(bystanders.bystanderPods)} pods in namespaces without guards`;
    figures.push(figure(what, bystanders.withMB - bystanders.withoutMB, "MB", NOISE_MB));
  }
  return figures;
}

/** The slope of the straight line nearest to the points (least squares), in kB a pod. */
function kilobytesPerPod(growth: NonNullable<BenchResults["growth"]>): number {
  const points = growth.map(({ guardedPods, load }) => ({ x: guardedPods, y: load.medianRssMB * 1_000 }));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middleX, middleY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const both = points.reduce((sum, { x, y }) => sum + (x - middleX) * (y - middleY), 0);
  const alone = points.reduce((sum, { x }) => sum + (x - middleX) ** 2, 0);
  return both / alone;
}

/** A number with its digits in groups: "20,000". */
export function formatted(value: number): string {
  return value.toLocaleString("en-US");
}

/** A value with as many digits as mean something: "0.42", "6.40", "49.1", "491", and whole ones as they are. */
export function shown(value: number): string {
  const size = Math.abs(value);
  const digits = Number.isInteger(value) ? 0 : size < 10 ? 2 : size < 100 ? 1 : 0;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
