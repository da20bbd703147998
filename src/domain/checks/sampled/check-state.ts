// How a metric or HTTP check stands: what the guard's status shows of it, and what the findings are made of. Pure.
import type { CheckStateWord } from "../../../api/check-state.ts";
import { formatDuration } from "../../../api/duration.ts";
import type { FindingReason } from "../../../api/reasons.ts";
import type { Answer, PastAnswer } from "../../snapshot/answer.ts";
import type { PodView } from "../../snapshot/pod.ts";

/** How one check stands. */
export interface CheckState {
  readonly name: string;
  readonly mode: "Rollback" | "Observe";
  readonly state: CheckStateWord;
  /** What it measured, in a sentence without its name: "12 of 210 (5.7%) against 3 of 1840 (0.2%)". */
  readonly message: string;
  /** What is wrong, while it is Pending or Failing. */
  readonly trouble?: Trouble | undefined;
  /** Known from the guard's status only. */
  readonly isRemembered?: true | undefined;
  /** It had enough data to decide, now or earlier in this rollout. */
  readonly hasSeenEnough?: boolean | undefined;
  /** The revision cannot become good before that. */
  readonly isRequired?: boolean | undefined;
}

export interface Trouble {
  readonly reason: FindingReason;
  readonly sinceAt: number;
  /** When it fails if it stays so; undefined: with the next sample. */
  readonly untilAt?: number | undefined;
  /** For the Incident. */
  readonly evidence: readonly string[];
  readonly pods: readonly PodView[];
}

/** A sample that is older was not asked for any more: the operator did something else. */
const STALE_MS = 60_000;

/** The samples of an answer, newest first; none where the newest is too old to speak of the present. */
export function samplesOf<Value>(
  answer: Answer<Value> | undefined,
  intervalMs: number,
  now: number,
): readonly PastAnswer<Value>[] {
  if (answer === undefined || !("value" in answer)) return [];
  if (now - answer.at > 2 * intervalMs + STALE_MS) return [];
  return [{ at: answer.at, value: answer.value }, ...(answer.earlier ?? [])];
}

/** The samples from the newest back to the first for which it was not so: how many in a row, and since when. */
export function runOf<Value>(
  samples: readonly PastAnswer<Value>[],
  isSo: (value: Value, index: number) => boolean,
): readonly PastAnswer<Value>[] {
  const end = samples.findIndex(({ value }, index) => !isSo(value, index));
  return end < 0 ? samples : samples.slice(0, end);
}

/** When a fault that needs so many samples in a row, and has to last so long, counts. */
export function countsFrom(
  sinceAt: number,
  {
    times,
    intervalMs,
    forMs,
  }: { readonly times: number; readonly intervalMs: number; readonly forMs: number },
): number {
  return sinceAt + Math.max(forMs, (times - 1) * intervalMs);
}

/** "fails in 15s", or "fails with the next sample". */
export function failsIn(untilAt: number, now: number): string {
  return untilAt > now ? `fails in ${formatDuration(untilAt - now)}` : "fails with the next sample";
}

/** "12 of 210 (5.7%)". */
export function countsText({ bad, total }: { readonly bad: number; readonly total: number }): string {
  return `${grouped(bad)} of ${grouped(total)}${total > 0 ? ` (${percentText(bad / total)})` : ""}`;
}

/** "5.7%", and small ones with as many digits as tell them from nothing. */
function percentText(share: number): string {
  const percent = share * 100;
  const digits = percent >= 10 || percent === 0 ? 0 : percent >= 0.1 ? 1 : 2;
  return `${percent.toFixed(digits)}%`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
