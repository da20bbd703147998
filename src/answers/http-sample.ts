// How pods answer an HTTP check: each of them asked once, new and old ones at the same time.
import { millisecondsOf } from "../api/duration.ts";
import { type HttpCheck, parseStatuses } from "../api/http-check.ts";
import type { AskedPod } from "../domain/snapshot/asked-pod.ts";
import type { HttpAnswer } from "../domain/snapshot/http-sample.ts";
import type { HttpSampleQuestion } from "../domain/snapshot/question.ts";
import { sleep } from "../kube/clock.ts";
import type { Adapter } from "./adapter.ts";
import { BodyPatternError, bodyMatches } from "./pods/body-pattern.ts";
import type { AskedPodAnswer, PodClient } from "./pods/pod-client.ts";

/** What is read of a body to match it, and how much time is measured for. */
const MOST_BODY_BYTES = 64 * 1_024;
/** Guards of one release begin to ask at the same moment; this spreads them. */
const LONGEST_JITTER_MS = 1_000;

export const httpSample: Adapter<"httpSample"> = async (question, { guard }, { pods }) => {
  if (pods === undefined) {
    throw new Error("RolloutGuard does not ask pods; start it with --http-checks");
  }
  return { answers: await askAll(pods, guard.namespace, question) };
};

async function askAll(
  client: PodClient,
  namespace: string,
  { check, new: newPods, old: oldPods, maxAgeMs }: HttpSampleQuestion,
): Promise<readonly HttpAnswer[]> {
  const asked = [
    ...newPods.map((pod) => ({ pod, side: "new" as const })),
    ...oldPods.map((pod) => ({ pod, side: "old" as const })),
  ];
  await sleep(client.clock, jitterMs(`${namespace}/${asked[0]?.pod.name}/${check.name}`, maxAgeMs));
  return Promise.all(
    asked.map(async ({ pod, side }) => ({
      pod: pod.name,
      side,
      ...(await judged(check, await ask(client, namespace, pod, check))),
    })),
  );
}

function ask(client: PodClient, namespace: string, pod: AskedPod, check: HttpCheck) {
  const { port, scheme, method, path, host, serverName, headers, timeout } = check;
  const request = { scheme, method, path, host, serverName, headers, timeoutMs: millisecondsOf(timeout) };
  return client.ask({ namespace, pod, port, request, mostBodyBytes: MOST_BODY_BYTES });
}

/** Nothing of the answer is kept but its status, its time and its class. */
async function judged(
  { expect }: HttpCheck,
  answer: AskedPodAnswer,
): Promise<Omit<HttpAnswer, "pod" | "side">> {
  if (answer.class !== "answered") return answer;
  const { status, durationMs, body, isCut } = answer;
  const statuses = parseStatuses(expect.status);
  const isExpected = statuses !== undefined && status >= statuses.from && status <= statuses.to;
  if (!isExpected) return { class: "status", status, durationMs };
  if (expect.body === undefined) return { class: "ok", status, durationMs };
  try {
    if (await bodyMatches(expect.body, body)) return { class: "ok", status, durationMs };
    if (!isCut) return { class: "body", status, durationMs };
    return { class: "body", status, durationMs, message: "the first 64 KiB of the body do not match" };
  } catch (error) {
    if (error instanceof BodyPatternError) return { class: "notAllowed", message: error.message };
    throw error;
  }
}

/** Always the same for the same check, and at most a tenth of its interval. */
function jitterMs(what: string, intervalMs: number): number {
  let part = 0;
  for (let index = 0; index < what.length; index += 1) part = (part * 31 + what.charCodeAt(index)) % 1_000;
  return (part / 1_000) * Math.min(LONGEST_JITTER_MS, intervalMs / 10);
}
