// How the metric checks of a guard stand. Pure.
import { millisecondsOf } from "../../../api/duration.ts";
import type { MetricCheck } from "../../../api/metric-check.ts";
import { nameRevision } from "../../history/revisions.ts";
import { answerTo } from "../../questions/answered-value.ts";
import { type MetricQuestions, metricQuestions } from "../../questions/metric-samples.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { PastAnswer } from "../../snapshot/answer.ts";
import type { MetricSample, SideCounts } from "../../snapshot/metric-sample.ts";
import { type CheckState, countsFrom, countsText, failsIn, runOf, samplesOf } from "./check-state.ts";
import { type Baseline, type Comparison, compare, isSpread, requestsNeeded } from "./counts.ts";
import { hasSeenEnough, rememberedState } from "./remembered.ts";

/** One bad sample decides nothing. */
const IN_A_ROW = 2;

/** How all metric checks of the guard stand in this rollout. */
export function metricStates(rollout: Rollout, now: number): readonly CheckState[] {
  return metricQuestions(rollout, now).map((questions) => {
    const { check } = questions;
    const state = metricState(rollout, questions, now);
    const sawEnough = DECIDED.has(state.state) || hasSeenEnough(rollout, `metrics/${check.name}`);
    return { ...state, hasSeenEnough: sawEnough, isRequired: check.required };
  });
}

/** It had enough data. */
const DECIDED: ReadonlySet<CheckState["state"]> = new Set(["Passing", "Pending", "Failing", "BothFail"]);

function metricState(rollout: Rollout, { check, sample, before }: MetricQuestions, now: number): CheckState {
  const { name, mode } = check;
  const say = (state: CheckState["state"], message: string): CheckState => ({ name, mode, state, message });
  if (sample === undefined) return say("Waiting", "no new pod is ready for long enough");
  const answer = answerTo(rollout.snapshot, sample);
  if (answer === undefined) {
    return rememberedState(rollout, "metrics", check, reasonOf(check)) ?? say("Waiting", "not measured yet");
  }
  if ("unavailable" in answer) return say("Unavailable", answer.unavailable);
  const samples = samplesOf(answer, millisecondsOf(check.interval), now);
  const [newest] = samples;
  if (newest === undefined) return say("Unavailable", "the last measurement is too old");
  const { value } = newest;
  switch (value.kind) {
    case "invalid":
      return say("Invalid", value.message);
    case "value":
      return valueState(rollout, check, samples, now);
    case "counts": {
      if (value.new === undefined || value.new === "noSeries") {
        return say("NoData", `the source has no data about the pods of ${nameRevision(rollout.revision)}`);
      }
      const known = before && answerTo(rollout.snapshot, before);
      const past = known && "value" in known ? oldCounts(known.value) : undefined;
      return countsState(rollout, check, samples, past, now);
    }
  }
}

function countsState(
  rollout: Rollout,
  check: MetricCheck,
  samples: readonly PastAnswer<MetricSample>[],
  past: SideCounts | undefined,
  now: number,
): CheckState {
  const { name, mode } = check;
  const comparedAt = (index: number) => comparisonOf(check, samples.slice(index), past);
  const newest = comparedAt(0);
  if (newest === undefined) return { name, mode, state: "NoData", message: "the source has no data" };
  const numbers = numbersText(check, newest);
  if (newest.is === "both")
    return { name, mode, state: "BothFail", message: `${numbers}: the old pods are beyond the limit too` };
  if (newest.is === "few") {
    const { total } = newest.counts;
    const message = `${numbers}: not enough traffic: ${total} of ${requestsNeeded(check, newest)} requests`;
    return { name, mode, state: "NotEnoughTraffic", message };
  }
  if (newest.is === "good") return { name, mode, state: "Passing", message: numbers };
  const run = runOf(samples, (_sample, index) => index === 0 || comparedAt(index)?.is === "bad");
  const sides = samples.flatMap(({ value }) =>
    value.kind === "counts" && typeof value.new === "object" ? [value.new] : [],
  );
  const queries = samples[0]?.value.kind === "counts" ? samples[0].value.queries : [];
  return troubled(rollout, check, run, now, {
    reason: reasonOf(check),
    numbers,
    isSpread: isSpread(check, newest, sides),
    evidence: [evidenceOf(check, newest), ...queries.map((query) => `query: ${query}`)],
  });
}

function reasonOf({ latency }: MetricCheck): "AnswersSlow" | "MetricsWorse" {
  return latency ? "AnswersSlow" : "MetricsWorse";
}

/** The value of a query against its limits. */
function valueState(
  rollout: Rollout,
  check: MetricCheck,
  samples: readonly PastAnswer<MetricSample>[],
  now: number,
): CheckState {
  const { name, mode } = check;
  const newest = samples[0]?.value;
  if (newest?.kind !== "value" || typeof newest.value !== "number")
    return { name, mode, state: "NoData", message: "the query returns no data" };
  const limits = [
    ...(check.min === undefined ? [] : [`min ${check.min}`]),
    ...(check.max === undefined ? [] : [`max ${check.max}`]),
  ].join(", ");
  const numbers = `${valueText(newest.value)} (${limits})`;
  const run = runOf(samples, (sample) => sample.kind === "value" && isOutside(check, sample.value));
  if (run.length === 0) return { name, mode, state: "Passing", message: numbers };
  return troubled(rollout, check, run, now, {
    reason: "MetricsWorse",
    numbers,
    isSpread: true,
    evidence: [`metric check ${name}: ${numbers}`, ...newest.queries.map((query) => `query: ${query}`)],
  });
}

function troubled(
  rollout: Rollout,
  check: MetricCheck,
  run: readonly PastAnswer[],
  now: number,
  what: {
    readonly reason: "MetricsWorse" | "AnswersSlow";
    readonly numbers: string;
    /** It is not the doing of one moment or one caller. */
    readonly isSpread: boolean;
    readonly evidence: readonly string[];
  },
): CheckState {
  const { name, mode } = check;
  const sinceAt = run.at(-1)?.at ?? now;
  const newestAt = run[0]?.at ?? now;
  const forMs = millisecondsOf(check.for);
  const untilAt = countsFrom(sinceAt, { times: IN_A_ROW, intervalMs: millisecondsOf(check.interval), forMs });
  const { reason, numbers, isSpread, evidence } = what;
  const isFailing = run.length >= IN_A_ROW && newestAt - sinceAt >= forMs && isSpread;
  const trouble = { reason, sinceAt, evidence, pods: rollout.pods };
  return isFailing
    ? { name, mode, state: "Failing", message: numbers, trouble }
    : {
        name,
        mode,
        state: "Pending",
        message: `${numbers}, ${isSpread || run.length < IN_A_ROW ? failsIn(untilAt, now) : "most of it on one pod at one moment"}`,
        trouble: { ...trouble, ...(untilAt > now && { untilAt }) },
      };
}

/** The first sample against what was there at that time; undefined where it has no counts. */
function comparisonOf(
  check: MetricCheck,
  samples: readonly PastAnswer<MetricSample>[],
  past: SideCounts | undefined,
): Comparison | undefined {
  const sample = samples[0]?.value;
  if (sample?.kind !== "counts" || sample.new === undefined || sample.new === "noSeries") return undefined;
  return compare(check, sample.new, baselineOf(check, sample, samples, past));
}

/** The old pods in the same window; else the last ones that there were; else before the rollout. Few requests are no baseline. */
function baselineOf(
  { minRequests }: MetricCheck,
  sample: MetricSample,
  samples: readonly PastAnswer<MetricSample>[],
  past: SideCounts | undefined,
): Baseline | undefined {
  const isEnough = (counts: SideCounts | undefined) => counts !== undefined && counts.total >= minRequests;
  const present = oldCounts(sample);
  if (present && isEnough(present)) return { bad: present.bad, total: present.total, is: "sameTime" };
  const earlier =
    samples.map(({ value }) => oldCounts(value)).find(isEnough) ?? (isEnough(past) ? past : undefined);
  return earlier && { bad: earlier.bad, total: earlier.total, is: "earlier" };
}

function oldCounts(sample: MetricSample): SideCounts | undefined {
  return sample.kind === "counts" && typeof sample.old === "object" ? sample.old : undefined;
}

function isOutside({ min, max }: MetricCheck, value: number | "noSeries"): boolean {
  if (typeof value !== "number") return false;
  return (min !== undefined && value < Number(min)) || (max !== undefined && value > Number(max));
}

function numbersText({ latency }: MetricCheck, { counts, baseline }: Comparison): string {
  const what = latency ? ` slower than ${latency.above}` : "";
  const against = baseline
    ? ` against ${countsText(baseline)}${baseline.is === "earlier" ? " before" : ""}`
    : "";
  return `${countsText(counts)}${what}${against}`;
}

function evidenceOf(check: MetricCheck, comparison: Comparison): string {
  const { chance, isBeyondMax } = comparison;
  const why = isBeyondMax
    ? `, more than max: ${check.max}`
    : chance === undefined
      ? ""
      : `, by chance with a probability of ${chance.toPrecision(1)}`;
  return `metric check ${check.name}: ${numbersText(check, comparison)}${why}`;
}

function valueText(value: number): string {
  return String(Math.abs(value) >= 1e15 || value === 0 ? value : Number(value.toPrecision(6)));
}
