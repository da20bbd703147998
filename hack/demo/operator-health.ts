// What the demo asks the operator's process: whether it is ready, its metrics, and whether it is still there.
import { setTimeout as sleep } from "node:timers/promises";
import type { OperatorProcess } from "../operator-process.ts";

const READY_WITHIN_MS = 20_000;
const ANSWER_WITHIN_MS = 5_000;

/** Rejects when the process ends without having been asked to; never resolves. */
export async function died({ ended }: OperatorProcess): Promise<never> {
  const { isMeant, how } = await ended;
  if (isMeant) return new Promise<never>(() => {});
  throw new Error(`the operator exited unexpectedly (${how})`);
}

/** Resolves, with the address of metrics and health, once the operator answers that it is ready: its caches are filled. */
export async function whenReady(operator: OperatorProcess): Promise<string> {
  const url = await urlOf(operator);
  const dead = died(operator);
  const endsAt = performance.now() + READY_WITHIN_MS;
  while (!(await isReady(url))) {
    if (performance.now() > endsAt)
      throw new Error(`the operator was not ready within ${READY_WITHIN_MS / 1_000}s`);
    await Promise.race([sleep(50), dead]);
  }
  return url;
}

/** What /metrics says now. */
export async function metricsAt(url: string): Promise<string> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(`${url}/metrics`, { signal }).catch((cause: unknown) => {
    throw new Error(`the operator does not respond at ${url}/metrics`, { cause });
  });
  if (!response.ok) throw new Error(`${url}/metrics answered ${response.status}`);
  return response.text();
}

/** The address that its first line names. */
async function urlOf(operator: OperatorProcess): Promise<string> {
  const line = await operator.said('"http":"');
  return (JSON.parse(line) as { http: string }).http;
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
  return answer?.ok === true;
}
