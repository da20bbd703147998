// How the HTTP checks of a guard stand. Pure.
import { formatDuration, millisecondsOf } from "../../../api/duration.ts";
import type { HttpCheck } from "../../../api/http-check.ts";
import { knownOf } from "../../history/history.ts";
import { answerTo } from "../../questions/answered-value.ts";
import { type HttpQuestions, httpQuestions } from "../../questions/http-samples.ts";
import { isMajority } from "../../rollout/pods.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { PastAnswer } from "../../snapshot/answer.ts";
import type { HttpAnswer, HttpAnswerClass, HttpSample } from "../../snapshot/http-sample.ts";
import { mostFrequent } from "../fault.ts";
import { type CheckState, countsFrom, failsIn, runOf, samplesOf } from "./check-state.ts";
import { medianOf } from "./median.ts";
import { rememberedState } from "./remembered.ts";

/** So many bad answers of a pod in a row count. */
const IN_A_ROW = 3;
/** A pod is as slow as the middle of its last answers. */
const MEDIAN_OF = 5;
/** And slower than allowed only if it is so many times as slow as the pods of the good revision. */
const TIMES_SLOWER = 2;

/** How all HTTP checks of the guard stand in this rollout. */
export function httpStates(rollout: Rollout, now: number): readonly CheckState[] {
  return httpQuestions(rollout, now).map((questions) => httpState(rollout, questions, now));
}

function httpState(rollout: Rollout, { check, sample }: HttpQuestions, now: number): CheckState {
  const { name, mode } = check;
  const say = (state: CheckState["state"], message: string): CheckState => ({ name, mode, state, message });
  if (sample === undefined) return say("Waiting", "no new pod is ready for long enough");
  const answer = answerTo(rollout.snapshot, sample);
  if (answer === undefined) {
    return rememberedState(rollout, "http", check, "HttpFailing") ?? say("Waiting", "not asked yet");
  }
  if ("unavailable" in answer) return say("Unavailable", answer.unavailable);
  const intervalMs = millisecondsOf(check.interval);
  const samples = samplesOf(answer, intervalMs, now);
  const [newest] = samples;
  if (newest === undefined) return say("Unavailable", "the last answers are too old");
  const asked = newest.value.answers.filter(({ side }) => side === "new").map(({ pod }) => pod);
  if (asked.length === 0) return say("NoData", "no pod was asked");
  const unreachable = whyUnreachable(samples);
  if (unreachable !== undefined) return say("Unavailable", unreachable);
  const old = oldAnswers(rollout, check, samples);
  const pods = asked.map((pod) => judgePod(check, pod, samples, old));
  const bad = pods.filter(({ run }) => run.length > 0);
  const common = { name, mode };
  const summary = summaryOf(check, pods, old);
  if (!isMajority(bad, pods)) return { ...common, state: "Passing", message: summary };
  if (old.areBad)
    return { ...common, state: "BothFail", message: `${summary}: the old pods answer no better` };
  if (!old.areKnown) {
    return {
      ...common,
      state: "NoData",
      message: `${summary}: no pod of the good revision ever passed the check`,
    };
  }
  const decisive = Math.ceil(pods.length / 2) - 1;
  const forMs = millisecondsOf(check.for);
  const sinceAts = bad.map(({ run }) => run.at(-1)?.at ?? now).sort((a, b) => a - b);
  const sinceAt = sinceAts[decisive] ?? now;
  const untilAt = countsFrom(sinceAt, { times: IN_A_ROW, intervalMs, forMs });
  const counting = bad.filter(
    ({ run }) => run.length >= IN_A_ROW && (run[0]?.at ?? 0) - (run.at(-1)?.at ?? 0) >= forMs,
  );
  const isFailing = isMajority(counting, pods);
  const names = new Set(bad.map(({ pod }) => pod));
  const trouble = {
    reason: bad.every(({ isSlow }) => isSlow) ? ("AnswersSlow" as const) : ("HttpFailing" as const),
    sinceAt,
    evidence: bad.map(
      ({ pod, words }) => `HTTP check ${name}: ${check.method} ${check.path} of pod ${pod}: ${words}`,
    ),
    pods: rollout.pods.filter((pod) => names.has(pod.name)),
  };
  return isFailing
    ? { ...common, state: "Failing", message: summary, trouble }
    : {
        ...common,
        state: "Pending",
        message: `${summary}, ${failsIn(untilAt, now)}`,
        trouble: { ...trouble, ...(untilAt > now && { untilAt }) },
      };
}

interface JudgedPod {
  readonly pod: string;
  /** The bad answers in a row, newest first; of a slow pod all its samples from the first slow one on. */
  readonly run: readonly PastAnswer[];
  readonly isSlow: boolean;
  readonly words: string;
  readonly medianMs: number | undefined;
}

/** A pod by its answers in all samples that hold any. */
function judgePod(
  { slowerThan, timeout }: HttpCheck,
  pod: string,
  samples: readonly PastAnswer<HttpSample>[],
  old: OldAnswers,
): JudgedPod {
  const own = samples.flatMap(({ at, value }) => {
    const answer = value.answers.find((one) => one.pod === pod && one.side === "new");
    return answer ? [{ at, value: answer }] : [];
  });
  const limitMs = Math.max(millisecondsOf(slowerThan), TIMES_SLOWER * (old.medianMs ?? 0));
  const isSlowAnswer = (answer: HttpAnswer) =>
    answer.class === "timeout" || (answer.class === "ok" && (answer.durationMs ?? 0) > limitMs);
  const medianMs = medianOf(
    own.slice(0, MEDIAN_OF).flatMap(({ value }) => (value.class === "ok" ? (value.durationMs ?? []) : [])),
  );
  const failing = runOf(own, (answer) => answer.class !== "ok");
  const slow = medianMs !== undefined && medianMs > limitMs ? runOf(own, isSlowAnswer) : [];
  const run = failing.length > 0 ? failing : slow;
  const classes = run.map(({ value }) => value.class);
  const isSlow = run.length > 0 && run.every(({ value }) => isSlowAnswer(value));
  return {
    pod,
    run,
    isSlow,
    medianMs,
    words: isSlow ? slowWords(medianMs, timeout) : badWords(classes, own[0]?.value),
  };
}

function slowWords(medianMs: number | undefined, timeout: string): string {
  return medianMs === undefined ? `no answer within ${timeout}` : `answers after ${formatDuration(medianMs)}`;
}

function badWords(classes: readonly HttpAnswerClass[], newest: HttpAnswer | undefined): string {
  const kind = mostFrequent(classes);
  if (kind === undefined) return "ok";
  const status = newest?.status === undefined ? "" : ` ${newest.status}`;
  return `${CLASS_WORDS[kind]}${kind === "status" ? status : ""}`;
}

const CLASS_WORDS: Readonly<Record<HttpAnswerClass, string>> = {
  ok: "ok",
  refused: "connection refused",
  reset: "connection reset",
  connectTimeout: "timeout while connecting",
  timeout: "no answer in time",
  tls: "no TLS connection",
  status: "status",
  body: "the body does not match",
  tooLarge: "the headers are too large",
  notAllowed: "RolloutGuard does not ask there",
};

/** Connections that nobody accepted, or that something on the way ended. */
const NO_CONTACT: ReadonlySet<HttpAnswerClass> = new Set(["connectTimeout", "reset", "notAllowed"]);

/** Why nothing can be said: RolloutGuard has never had an answer from any pod. A refusal is one. */
export function whyUnreachable(samples: readonly PastAnswer<HttpSample>[]): string | undefined {
  const answers = samples.flatMap(({ value }) => value.answers);
  if (answers.length === 0 || answers.some((answer) => !NO_CONTACT.has(answer.class))) return undefined;
  const kind = mostFrequent(answers.map((answer) => answer.class)) ?? "connectTimeout";
  if (kind === "notAllowed") return answers.find(({ message }) => message)?.message ?? CLASS_WORDS.notAllowed;
  return `RolloutGuard cannot reach the pods (${CLASS_WORDS[kind]}); a NetworkPolicy or a service mesh can be why`;
}

interface OldAnswers {
  /** Whether pods of the good revision ever passed. */
  readonly areKnown: boolean;
  /** Whether they do not pass now. */
  readonly areBad: boolean;
  readonly medianMs: number | undefined;
}

/** How pods of the good revision answer, or did when they were left; else as the ledger remembers. */
function oldAnswers(
  { baseline, reference, history, before }: Rollout,
  { name }: HttpCheck,
  samples: readonly PastAnswer<HttpSample>[],
): OldAnswers {
  const old = samples.map(({ value }) => value.answers.filter(({ side }) => side === "old"));
  const present = old[0] ?? [];
  const ok = old.flat().filter((answer) => answer.class === "ok");
  const entry = reference ? (knownOf(history, reference.revision.hash).entry ?? before) : before;
  const remembered = entry?.answers?.find((one) => one.check === name)?.milliseconds;
  const medianMs = medianOf(ok.flatMap(({ durationMs }) => durationMs ?? [])) ?? remembered;
  const passing = present.filter((answer) => answer.class === "ok");
  return {
    areKnown: baseline === undefined ? remembered !== undefined : ok.length > 0 || remembered !== undefined,
    areBad: present.length > 0 && passing.length * 2 <= present.length,
    medianMs,
  };
}

function summaryOf(check: HttpCheck, pods: readonly JudgedPod[], { medianMs }: OldAnswers): string {
  const passing = pods.filter(({ run }) => run.length === 0).length;
  const own = medianOf(pods.flatMap((pod) => pod.medianMs ?? []));
  const words = mostFrequent(pods.filter(({ run }) => run.length > 0).map((pod) => pod.words));
  const speed =
    own === undefined
      ? ""
      : `, ${formatDuration(own)}${medianMs === undefined ? "" : ` against ${formatDuration(medianMs)}`}`;
  return `${passing} of ${pods.length} pods answer ${check.method} ${check.path} as expected${words === undefined ? "" : `: ${words}`}${speed}`;
}
