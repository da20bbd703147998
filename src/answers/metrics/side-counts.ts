// The counts of each side, from series by pod.
import type { PodCounts, SideCounts } from "../../domain/snapshot/metric-sample.ts";
import type { MetricSampleQuestion, SampledPods } from "../../domain/snapshot/question.ts";
import { isOfSide } from "./pod-names.ts";

/** What the counters of a pod have grown by; extrapolated, so with fractions. */
export interface PodGrowth {
  readonly pod: string;
  readonly bad: number;
  readonly total: number;
}

/** The sides that the question asks about, in whole requests. */
export function sidesOf(question: MetricSampleQuestion, growths: readonly PodGrowth[]) {
  return { ...side("new", question, growths), ...side("old", question, growths) };
}

function side(name: "new" | "old", question: MetricSampleQuestion, growths: readonly PodGrowth[]) {
  const asked = question[name];
  return asked && { [name]: countsOf(asked, growths) };
}

function countsOf(asked: SampledPods, growths: readonly PodGrowth[]): SideCounts | "noSeries" {
  return sumOf(growths.filter(({ pod }) => isOfSide(asked, pod)).map(rounded));
}

/** The counts of a side, from those of its pods. */
export function sumOf(pods: readonly PodCounts[]): SideCounts | "noSeries" {
  if (pods.length === 0) return "noSeries";
  const sum = (of: (counts: PodCounts) => number) => pods.reduce((all, counts) => all + of(counts), 0);
  return { bad: sum(({ bad }) => bad), total: sum(({ total }) => total), pods };
}

/** There cannot be more bad requests than requests, although two counters are read. */
function rounded({ pod, bad, total }: PodGrowth): PodCounts {
  const all = Math.max(0, Math.round(total));
  return { pod, bad: Math.min(all, Math.max(0, Math.round(bad))), total: all };
}
