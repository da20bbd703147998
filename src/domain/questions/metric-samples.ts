// What metric checks ask: the new pods and the old ones in the same window; and the old ones before the rollout. Pure.
import { millisecondsOf } from "../../api/duration.ts";
import { type MetricCheck, PODS_SOURCE } from "../../api/metric-check.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { MetricSampleQuestion, SampledPods } from "../snapshot/question.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { printOf } from "./print-of.ts";
import { askedPod, nextWarmAt, type WarmPod, warmNewPods, warmOldPods } from "./sampled-pods.ts";
import { REMEMBER_MS, samplingIntervalMs, TRIAL_MS } from "./sampling-times.ts";

/** The longest window: what is older says less of the present. */
const LONGEST_WINDOW_MS = 300_000;
/** Of a shorter one a source that scrapes now and then has nothing. */
const SHORTEST_WINDOW_MS = 15_000;
/** How much of the time before the rollout stands for the old pods where none are left. */
const BEFORE_MS = 1_800_000;

/** A metric check of the guard, as the rollout asks it. */
export interface MetricQuestions {
  readonly check: MetricCheck;
  /** Undefined while no new pod is warm. */
  readonly sample?: MetricSampleQuestion | undefined;
  /** The revision to compare with, before the rollout; undefined where nobody can know that. */
  readonly before?: MetricSampleQuestion | undefined;
}

/** What all metric checks of the guard ask about the rollout. */
export function metricQuestions(rollout: Rollout, now: number): readonly MetricQuestions[] {
  const { metrics = [] } = rollout.policy.spec.checks;
  return metrics.map((check) => ({
    check,
    sample: sampleQuestion(rollout, check, now),
    before: beforeQuestion(rollout, check),
  }));
}

/** When each of them has one more pod to ask about. */
export function nextMetricPodsAt(rollout: Rollout, now: number): readonly (number | undefined)[] {
  const { metrics = [] } = rollout.policy.spec.checks;
  return metrics.map(({ initialDelay }) =>
    nextWarmAt(rollout, millisecondsOf(initialDelay) + SHORTEST_WINDOW_MS, now),
  );
}

/** What they ask while nothing is rolled out: whether they find the pods that run at all. */
export function metricTrials(rollout: Rollout): readonly MetricSampleQuestion[] {
  const { metrics = [] } = rollout.policy.spec.checks;
  return metrics.map((check) => trialQuestion(rollout, check));
}

/** The trial of one check. */
function trialQuestion(rollout: Rollout, check: MetricCheck): MetricSampleQuestion {
  const { revision, pods } = rollout;
  return {
    ...about(rollout, check, `trial of ${revision.hash}`),
    maxAgeMs: TRIAL_MS,
    old: sampled(
      revision,
      pods.filter(({ isReady }) => isReady),
    ),
    windowMs: LONGEST_WINDOW_MS,
  };
}

/**
 * The window begins when at least half of the warm pods were warm; those that became so later say nothing yet: pods of about equal
 * age are compared.
 */
function sampleQuestion(rollout: Rollout, check: MetricCheck, now: number): MetricSampleQuestion | undefined {
  const { revision, baseline } = rollout;
  const delayMs = millisecondsOf(check.initialDelay);
  const warm = warmNewPods(rollout, delayMs, now - SHORTEST_WINDOW_MS);
  const middle = warm[Math.ceil(warm.length / 2) - 1];
  if (middle === undefined) return undefined;
  const windowMs = Math.min(LONGEST_WINDOW_MS, Math.floor((now - middle.sinceAt) / 1_000) * 1_000);
  const isThere = ({ sinceAt }: WarmPod) => sinceAt <= now - windowMs;
  const old = warmOldPods(rollout, delayMs, now).filter(isThere);
  return {
    ...about(rollout, check, revision.hash),
    maxAgeMs: samplingIntervalMs(rollout, check, now),
    rememberMs: REMEMBER_MS,
    new: sampled(
      revision,
      warm.filter(isThere).map(({ pod }) => pod),
    ),
    ...(baseline &&
      old.length > 0 && {
        old: sampled(
          baseline,
          old.map(({ pod }) => pod),
        ),
      }),
    windowMs,
  };
}

/** The pods themselves know nothing of the past, and what a query is compared with are its own limits. */
function beforeQuestion(rollout: Rollout, check: MetricCheck): MetricSampleQuestion | undefined {
  const { reference } = rollout;
  if (reference === undefined || check.source === PODS_SOURCE || check.query !== undefined) return undefined;
  return {
    ...about(rollout, check, `${reference.revision.hash} before`),
    maxAgeMs: LONGEST_WINDOW_MS,
    old: sampled(reference.revision, []),
    windowMs: BEFORE_MS,
    endAt: reference.endAt,
  };
}

function about({ snapshot, workload }: Rollout, check: MetricCheck, what: string) {
  const { source, ratio, latency, query, port, path, initialDelay } = check;
  // Limits can change, and be tried on a recording: they are not part of what is asked.
  const print = printOf([source, ratio, latency, query, port, path, initialDelay]);
  return {
    ask: "metricSample",
    key: `metricSample ${check.name} ${print} ${what}`,
    for: "decide",
    check,
    namespace: snapshot.guard.namespace,
    workload: workload.name,
  } as const;
}

function sampled(revision: RevisionView, pods: readonly PodView[]): SampledPods {
  return {
    hash: revision.hash,
    replicaSet: revision.source.name,
    pods: pods.map((pod) => askedPod(pod, revision)),
  };
}
