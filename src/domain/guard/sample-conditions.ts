// The guard's conditions about its metric and HTTP checks: whether they can measure at all. Pure.
import type { Condition } from "../../api/condition.ts";
import type { CheckState } from "../checks/sampled/check-state.ts";
import { httpStates, whyUnreachable } from "../checks/sampled/http-state.ts";
import { metricStates } from "../checks/sampled/metric-state.ts";
import { shortText } from "../plain-text.ts";
import { answerTo } from "../questions/answered-value.ts";
import { httpTrials } from "../questions/http-samples.ts";
import { metricTrials } from "../questions/metric-samples.ts";
import { isJudged } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { MetricSample } from "../snapshot/metric-sample.ts";

/** The types of the conditions. */
export const METRICS_AVAILABLE = "MetricsAvailable";
export const HTTP_POSSIBLE = "HttpChecksPossible";

type SampleCondition = Pick<Condition, "type" | "status" | "reason" | "message">;

interface Problem {
  readonly reason: "CannotAsk" | "NoSeries" | "CheckInvalid";
  readonly message: string;
}

/** Of a check that has answered: its problem, or that there is none. */
interface CheckAnswer {
  readonly problem: Problem | undefined;
}

const MESSAGE_BYTES = 1_000;

/** What is known of the checks now; nothing of those that have not answered yet. */
export function sampleConditions(rollout: Rollout, now: number): readonly SampleCondition[] {
  const { metrics = [], http = [] } = rollout.policy.spec.checks;
  return [
    ...(metrics.length > 0 ? conditionOf(METRICS_AVAILABLE, metricAnswers(rollout, now)) : []),
    ...(http.length > 0 ? conditionOf(HTTP_POSSIBLE, httpAnswers(rollout, now)) : []),
  ];
}

/** The types that the guard has checks for. */
export function sampleConditionTypes({ policy }: Rollout): ReadonlySet<string> {
  const { metrics = [], http = [] } = policy.spec.checks;
  return new Set([
    ...(metrics.length > 0 ? [METRICS_AVAILABLE] : []),
    ...(http.length > 0 ? [HTTP_POSSIBLE] : []),
  ]);
}

function conditionOf(type: string, answers: readonly CheckAnswer[]): readonly SampleCondition[] {
  if (answers.length === 0) return [];
  const problems = answers.flatMap(({ problem }) => problem ?? []);
  const [first] = problems;
  if (first === undefined) {
    return [{ type, status: "True", reason: "ChecksAnswered", message: "The checks can measure." }];
  }
  const message = shortText(problems.map((problem) => problem.message).join("; "), MESSAGE_BYTES);
  return [{ type, status: "False", reason: first.reason, message }];
}

/** While a rollout is watched what it measures; else what the trials find of the pods that run. */
function metricAnswers(rollout: Rollout, now: number): readonly CheckAnswer[] {
  if (isJudged(rollout)) return metricStates(rollout, now).flatMap(answerOfState);
  return metricTrials(rollout).flatMap((trial) => {
    const answer = answerTo(rollout.snapshot, trial);
    if (answer === undefined) return [];
    const { name } = trial.check;
    if ("unavailable" in answer) return [cannotAsk(name, answer.unavailable)];
    return [{ problem: problemOf(name, answer.value) }];
  });
}

function problemOf(name: string, sample: MetricSample): Problem | undefined {
  if (sample.kind === "invalid") return { reason: "CheckInvalid", message: `${name}: ${sample.message}` };
  const isEmpty = sample.kind === "value" ? sample.value === "noSeries" : sample.old === "noSeries";
  return isEmpty
    ? {
        reason: "NoSeries",
        message: `${name}: the source has no series of the pods that run; compare the names of metrics and labels with what the pods serve`,
      }
    : undefined;
}

function httpAnswers(rollout: Rollout, now: number): readonly CheckAnswer[] {
  if (isJudged(rollout)) return httpStates(rollout, now).flatMap(answerOfState);
  return httpTrials(rollout, now).flatMap((trial) => {
    const answer = answerTo(rollout.snapshot, trial);
    if (answer === undefined) return [];
    const why = "unavailable" in answer ? answer.unavailable : whyUnreachable([answer]);
    return [why === undefined ? { problem: undefined } : cannotAsk(trial.check.name, why)];
  });
}

function cannotAsk(name: string, why: string): CheckAnswer {
  return { problem: { reason: "CannotAsk", message: `${name}: ${why}` } };
}

function answerOfState({ name, state, message, isRemembered }: CheckState): readonly CheckAnswer[] {
  if (state === "Waiting" || isRemembered) return [];
  if (state === "Unavailable") return [cannotAsk(name, message)];
  const problem =
    state === "Invalid" ? { reason: "CheckInvalid" as const, message: `${name}: ${message}` } : undefined;
  return [{ problem }];
}
