// New pods against old ones by counts of requests: worse, and not by chance. Pure.
import { type MetricCheck, parsePercent } from "../../../api/metric-check.ts";
import { isMajority } from "../../rollout/pods.ts";
import type { SideCounts } from "../../snapshot/metric-sample.ts";
import { chanceOfMore, type Proportion } from "../../statistics/chance.ts";

/**
 * So unlikely it must be that the difference is chance. It is asked again and again: at 1 in 100 every fiftieth healthy rollout
 * would fail.
 */
const CHANCE = 0.001;
/** The part of all moments that are left out, rounded up, and how unlikely chance must be without them. */
const WORST = 0.05;
const REST = 0.05;
/** Fewer bad requests decide nothing, whatever their share. */
const FEWEST_BAD = 5;
/** Before and after differ by the time of day as well. */
const INCREASE_OVER_TIME = 3;
/** No more requests than that are asked for. */
const MOST_NEEDED = 100_000;

/** What the new pods are compared with. */
export interface Baseline extends Proportion {
  /** The same time; another one. */
  readonly is: "sameTime" | "earlier";
}

export interface Comparison {
  /** bad: worse, and enough of it; few: perhaps worse, too few requests to know; both: beyond the limit, as the old pods are. */
  readonly is: "good" | "bad" | "few" | "both";
  readonly counts: Proportion;
  readonly baseline: Baseline | undefined;
  /** That it is chance; undefined without a baseline, and where it decides nothing. */
  readonly chance: number | undefined;
  /** Worse than the baseline by more than the check allows, whether or not it is chance. */
  readonly isWorse: boolean;
  /** Beyond the absolute limit, whatever the baseline. */
  readonly isBeyondMax: boolean;
}

/** Compares what the new pods did with the baseline, and with the limit of the check. */
export function compare(check: MetricCheck, counts: SideCounts, baseline: Baseline | undefined): Comparison {
  const isBeyondMax = isAbove(shareOf(counts), maxShare(check));
  const isWorse = baseline !== undefined && isWorseBy(check, counts, baseline);
  const { bad, total } = counts;
  const common = { counts: { bad, total }, baseline, chance: undefined, isWorse, isBeyondMax };
  if (counts.total < check.minRequests) return { ...common, is: "few" };
  const isSuspect = isWorse || isBeyondMax;
  if (!isSuspect || !isShownByHalf(check, counts, baseline)) return { ...common, is: "good" };
  if (isBeyondMax && !isWorse && baseline && isAsBad(check, baseline)) return { ...common, is: "both" };
  if (counts.bad < FEWEST_BAD) return { ...common, is: "few" };
  const chance = baseline && chanceOfMore(counts, baseline);
  const isProven = isBeyondMax || (chance !== undefined && chance < CHANCE);
  return { ...common, chance, is: isProven ? "bad" : "few" };
}

/** The share of bad ones, 0 of none. */
function shareOf({ bad, total }: Proportion): number {
  return total > 0 ? bad / total : 0;
}

/** The old pods are beyond the limit as well, and enough of their requests say so. */
function isAsBad(check: MetricCheck, baseline: Baseline): boolean {
  return baseline.total >= check.minRequests && isAbove(shareOf(baseline), maxShare(check));
}

function maxShare({ max }: MetricCheck): number | undefined {
  return typeof max === "string" ? parsePercent(max) : undefined;
}

function isAbove(share: number, limit: number | undefined): boolean {
  return limit !== undefined && share > limit;
}

/** By the difference and by the factor that the check allows. */
function isWorseBy(check: MetricCheck, counts: Proportion, baseline: Baseline): boolean {
  const [now, before] = [shareOf(counts), shareOf(baseline)];
  const factor =
    baseline.is === "sameTime" ? check.maxIncrease : Math.max(INCREASE_OVER_TIME, check.maxIncrease);
  const difference = parsePercent(check.minDifference) ?? 0;
  return now - before >= difference && now >= factor * before && counts.bad > 0;
}

/** One pod alone can have a node or a caller to blame: at least half of those that have requests show it. */
function isShownByHalf(check: MetricCheck, { pods }: SideCounts, baseline: Baseline | undefined): boolean {
  const asked = pods.filter(({ total }) => total > 0);
  const showing = asked.filter(
    (pod) =>
      pod.bad > 0 &&
      (isAbove(shareOf(pod), maxShare(check)) ||
        (baseline !== undefined &&
          isWorseBy({ ...check, maxIncrease: 1 }, pod, { ...baseline, is: "sameTime" }))),
  );
  return asked.length === 0 || isMajority(showing, asked);
}

/**
 * Whether it is so without the worst moments of single pods. What one caller or one moment did stays in the window for minutes, and
 * decides nothing.
 * @param sides what was measured of the new pods, the newest first
 */
export function isSpread(
  check: MetricCheck,
  { baseline, isBeyondMax }: Comparison,
  sides: readonly SideCounts[],
): boolean {
  const moments = momentsOf(sides).sort((a, b) => b.bad - a.bad);
  const steady = moments.slice(Math.ceil(moments.length * WORST));
  const rest = { bad: sum(steady, ({ bad }) => bad), total: sum(steady, ({ total }) => total) };
  if (isBeyondMax && isAbove(shareOf(rest), maxShare(check))) return true;
  return baseline !== undefined && isWorseBy(check, rest, baseline) && chanceOfMore(rest, baseline) < REST;
}

/** What each pod had between two samples, and before the first of them. */
function momentsOf(sides: readonly SideCounts[]): Proportion[] {
  return sides.flatMap(({ pods }, index) =>
    pods.map(({ pod, bad, total }) => {
      const before = sides[index + 1]?.pods.find((one) => one.pod === pod) ?? { bad: 0, total: 0 };
      return { bad: Math.max(0, bad - before.bad), total: Math.max(0, total - before.total) };
    }),
  );
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((all, item) => all + of(item), 0);
}

/** How many requests it takes to decide: at least as many as the check wants, and so many that it cannot be chance. */
export function requestsNeeded(
  check: MetricCheck,
  { counts, baseline, isWorse, isBeyondMax }: Comparison,
): number {
  if (!isWorse && !isBeyondMax) return check.minRequests;
  const share = shareOf(counts);
  const isEnough = (total: number) => {
    const bad = Math.round(total * share);
    const isProven = isBeyondMax || (baseline && chanceOfMore({ bad, total }, baseline) < CHANCE);
    return bad >= FEWEST_BAD && isProven;
  };
  let total = check.minRequests;
  while (total < MOST_NEEDED && !isEnough(total)) total = Math.ceil(total * 1.1);
  return total;
}
