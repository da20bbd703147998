// What an operator pauses: does it resume it in time, and leave alone what a person has resumed? Pure.
import { freezeStep } from "../../../src/api/incident-step.ts";
import { afterFreeTime, type Interval, overlaps } from "../intervals.ts";
import { startMs } from "../plan/versions.ts";
import type { Circumstances } from "./circumstances.ts";
import type { Life, Rollout } from "./life.ts";
import { hinderedDuring } from "./refused.ts";
import type { Violation } from "./violation.ts";

/** A rollout that does not become worse is decided after so long, and twice the time that a start takes. */
const DECIDED_MS = 150_000;
/** When it was to be decided, and so long after, it is resumed. */
const SEEN_MS = 50_000;

export function judgePaused(life: Life, circumstances: Circumstances): readonly Violation[] {
  return life.rollouts.flatMap((rollout) => [
    ...pausedTooLong(life, rollout, circumstances),
    ...pausedAgain(life, rollout),
  ]);
}

/** A rollback that cannot start stays paused until somebody comes, and its Incident says so. */
function pausedTooLong(
  life: Life,
  rollout: Rollout,
  { troubled, unattended }: Circumstances,
): readonly Violation[] {
  const { pausedByOperator, incidents } = life;
  if (rollout.by === "operator" && incidents.some(({ status }) => freezeStep(status) !== undefined))
    return [];
  const { patientMs, tag } = rollout.version;
  const longestMs = Math.max(patientMs, DECIDED_MS + 2 * startMs(rollout.version)) + SEEN_MS;
  return within(rollout, pausedByOperator).flatMap((pause) => {
    const dueMs = afterFreeTime(pause, [...troubled, ...unattended, ...hinderedDuring(life)], longestMs);
    if (dueMs === undefined) return [];
    const lastsMs = Math.round(pause.toMs - pause.fromMs);
    return [
      { rule: "paused", atMs: dueMs, what: `${tag} was paused by an operator for ${lastsMs / 1_000} s` },
    ];
  });
}

function pausedAgain({ entries }: Life, { fromMs, toMs, version }: Rollout): readonly Violation[] {
  let isPausedByOperator = false;
  let isResumedByPerson = false;
  for (const entry of entries) {
    if (entry.is !== "paused" || entry.atMs < fromMs || entry.atMs >= toMs) continue;
    const isOperator = entry.by === "operator";
    if (entry.isPaused && isOperator && isResumedByPerson) {
      const what = `${version.tag} was paused by an operator after a person had resumed it`;
      return [{ rule: "paused", atMs: entry.atMs, what }];
    }
    if (!entry.isPaused && !isOperator && isPausedByOperator) isResumedByPerson = true;
    isPausedByOperator = entry.isPaused && isOperator;
  }
  return [];
}

function within(rollout: Interval, pauses: readonly Interval[]): readonly Interval[] {
  return pauses
    .filter((pause) => overlaps(pause, rollout))
    .map(({ fromMs, toMs }) => ({
      fromMs: Math.max(fromMs, rollout.fromMs),
      toMs: Math.min(toMs, rollout.toMs),
    }));
}
