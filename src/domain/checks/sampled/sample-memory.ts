// What the ledger keeps of what metric and HTTP checks measured: what the next revision is compared with. Pure.
import type { LedgerEntry } from "../../../api/rollout-guard.ts";
import { answeredValue } from "../../questions/answered-value.ts";
import { httpQuestions, httpTrials } from "../../questions/http-samples.ts";
import { isMajority } from "../../rollout/pods.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { HttpSampleQuestion } from "../../snapshot/question.ts";
import { medianOf } from "./median.ts";
import { metricStates } from "./metric-state.ts";

/** The part of a ledger entry that checks have measured. */
export type SampleMemory = Pick<LedgerEntry, "answers" | "hadTraffic">;

/** What differs by less is no news. */
const STEADY = 1.5;

/** What is kept of the present revision, with what was known before. */
export function sampleMemoryOf(rollout: Rollout, known: SampleMemory | undefined, now: number): SampleMemory {
  const { metrics = [], http = [] } = rollout.policy.spec.checks;
  if (metrics.length + http.length === 0) return {};
  const counting = metrics.filter(({ query }) => query === undefined).map(({ name }) => name);
  const hadTraffic =
    known?.hadTraffic === true ||
    metricStates(rollout, now).some(({ name, hasSeenEnough }) => hasSeenEnough && counting.includes(name));
  const asked = [
    ...httpQuestions(rollout, now).flatMap(({ sample }) => sample ?? []),
    ...httpTrials(rollout, now),
  ];
  const answers = http.flatMap(({ name: check }) => {
    const before = known?.answers?.find((one) => one.check === check);
    const medianMs = passedMedianMs(
      rollout,
      asked.filter((question) => question.check.name === check),
    );
    if (medianMs === undefined) return before ?? [];
    return before && isSteady(before.milliseconds, medianMs) ? before : { check, milliseconds: medianMs };
  });
  return { ...(answers.length > 0 && { answers }), ...(hadTraffic && { hadTraffic }) };
}

/** How long the pods take that pass the check, if most of them do. */
function passedMedianMs(rollout: Rollout, questions: readonly HttpSampleQuestion[]): number | undefined {
  const answers = questions
    .flatMap((question) => answeredValue(rollout.snapshot, question)?.answers ?? [])
    .filter(({ side }) => side === "new");
  const passed = answers.filter((answer) => answer.class === "ok");
  const medianMs = isMajority(passed, answers)
    ? medianOf(passed.flatMap(({ durationMs }) => durationMs ?? []))
    : undefined;
  return medianMs === undefined ? undefined : Math.round(medianMs);
}

function isSteady(before: number, now: number): boolean {
  return Math.max(before, now, 10) <= STEADY * Math.max(Math.min(before, now), 10);
}
