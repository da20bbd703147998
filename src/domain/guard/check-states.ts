// How the metric and HTTP checks stand, in the guard's status: for people, for commands, and for the next operator. Pure.
import type { CheckStateEntry } from "../../api/rollout-guard.ts";
import type { CheckState } from "../checks/sampled/check-state.ts";
import { httpStates } from "../checks/sampled/http-state.ts";
import { metricStates } from "../checks/sampled/metric-state.ts";
import { knownCheckStates } from "../checks/sampled/remembered.ts";
import { shortText } from "../plain-text.ts";
import { rfc3339 } from "../rfc3339.ts";
import { isJudged } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";

/** Numbers change with every request; each change of the status is a write. */
const NEWS_MS = 15_000;
const MESSAGE_BYTES = 300;

/** The entries after this pass; undefined where the guard has no such checks. */
export function nextCheckStates(rollout: Rollout, now: number): CheckStateEntry[] | undefined {
  const { metrics = [], http = [] } = rollout.policy.spec.checks;
  if (metrics.length + http.length === 0) return undefined;
  const known = knownCheckStates(rollout);
  if (!isJudged(rollout)) return known.length > 0 ? [...known] : undefined;
  const next = [
    ...metricStates(rollout, now).map((state) => entryOf("metrics", state, known, now)),
    ...httpStates(rollout, now).map((state) => entryOf("http", state, known, now)),
  ];
  const isChanged = next.some(({ name, state }) => known.find((one) => one.name === name)?.state !== state);
  const isOld = known.some(({ at }) => now - Date.parse(at) >= NEWS_MS);
  return isChanged || isOld || known.length !== next.length ? next : [...known];
}

function entryOf(
  kind: "metrics" | "http",
  { name, state, message, trouble, isRemembered, hasSeenEnough }: CheckState,
  known: readonly CheckStateEntry[],
  now: number,
): CheckStateEntry {
  const before = known.find((one) => one.name === `${kind}/${name}`);
  const text = shortText(message, MESSAGE_BYTES);
  if (before && (isRemembered || (before.state === state && before.message === text))) return before;
  return {
    name: `${kind}/${name}`,
    state,
    message: text,
    at: rfc3339(now),
    ...(trouble && { since: rfc3339(trouble.sinceAt) }),
    ...(hasSeenEnough && { sawEnough: true }),
  };
}
