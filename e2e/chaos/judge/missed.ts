// Was every bad rollout recorded, and undone where that was allowed? Pure.
import { afterFreeTime, firstStretch, gaps, type Interval } from "../intervals.ts";
import type { Circumstances } from "./circumstances.ts";
import { hurtDuring } from "./hurt.ts";
import { guardSinceMs, incidentsAbout, isGuardNewerThan, type Life, type Rollout } from "./life.ts";
import { hinderedDuring } from "./refused.ts";
import type { Violation } from "./violation.ts";

/** So much time without trouble is enough for an operator to see what there is to see, and to act. */
const TIME_TO_ACT_MS = 50_000;

export function judgeMissed(life: Life, circumstances: Circumstances): readonly Violation[] {
  return life.rollouts.flatMap((rollout, index) => {
    const { version, by } = rollout;
    if (version.truth !== "bad" || by === "operator" || isGuardNewerThan(life, rollout)) return [];
    const next = life.rollouts[index + 1];
    const isUndone = next?.by === "operator" && next.deployment === rollout.deployment;
    const say = (rule: string, atMs: number, what: string): Violation => ({ rule, atMs, what });
    const seenMs = overdueAt(life, rollout, obstaclesToSeeing(life, circumstances), circumstances);
    if (seenMs !== undefined && incidentsAbout(life, rollout, circumstances.startAt).length === 0) {
      return [
        say("missed", seenMs, `nothing was recorded of ${version.tag}, which is bad (${version.kind})`),
      ];
    }
    if (isUndone || !canBeUndone(life, index)) return [];
    const obstacles = [
      ...obstaclesToSeeing(life, circumstances),
      ...life.vetoed,
      ...hinderedDuring(life),
      ...cooldowns(life, rollout),
    ];
    const dueMs = overdueAt(life, rollout, obstacles, circumstances);
    if (dueMs === undefined) return [];
    return [say("missed", dueMs, `${version.tag}, which is bad (${version.kind}), was not undone`)];
  });
}

/** Where so many pods are wanted, a single one proves nothing until the Deployment's own deadline of 600 s. */
const MANY = 5;
const DEADLINE_MS = 600_000;

/**
 * When it should have been done at the latest; undefined when there was no time for it. Waiting is right while nobody is
 * hurt, and what was seen before an outage of nodes ended is no evidence.
 */
function overdueAt(
  life: Life,
  rollout: Rollout,
  obstacles: readonly Interval[],
  { nodeLost }: Circumstances,
): number | undefined {
  const notHurt = gaps(rollout, hurtDuring(life.entries, rollout));
  const { conclusiveMs, patientMs } = rollout.version;
  const longestMs = Math.max(patientMs, wantsMany(life, rollout) ? DEADLINE_MS + conclusiveMs : 0);
  const dues = gaps(rollout, nodeLost).flatMap((calm) => [
    dueAt(calm, [...obstacles, ...notHurt], conclusiveMs) ?? [],
    dueAt(calm, obstacles, longestMs) ?? [],
  ]);
  const all = dues.flat();
  return all.length === 0 ? undefined : Math.min(...all);
}

function dueAt(within: Interval, hidden: readonly Interval[], evidenceMs: number): number | undefined {
  const evidentMs = afterFreeTime(within, hidden, evidenceMs);
  if (evidentMs === undefined) return undefined;
  return firstStretch({ fromMs: evidentMs, toMs: within.toMs }, hidden, TIME_TO_ACT_MS)?.toMs;
}

function wantsMany({ entries, plan }: Life, { fromMs, toMs }: Rollout): boolean {
  const scaled = entries.filter((entry) => entry.is === "scaled" && entry.atMs < toMs);
  const before = scaled.findLast(({ atMs }) => atMs <= fromMs);
  const wanted = [before, ...scaled.filter(({ atMs }) => atMs > fromMs)].map((entry) =>
    entry?.is === "scaled" ? entry.replicas : plan.replicas,
  );
  return wanted.some((replicas) => replicas >= MANY);
}

function obstaclesToSeeing(life: Life, { troubled, unattended }: Circumstances): readonly Interval[] {
  const { paused, scaledToZero, withoutGuard } = life;
  return [...troubled, ...unattended, ...paused, ...scaledToZero, ...withoutGuard];
}

function cooldowns({ plan, rollouts }: Life, { fromMs }: Rollout): readonly Interval[] {
  return rollouts
    .filter((each) => each.by === "operator" && each.fromMs < fromMs)
    .map((each) => ({ fromMs: each.fromMs, toMs: each.fromMs + plan.guard.cooldownMs }));
}

/** A version that is applied again after so many rollbacks can be held until a person comes. */
const UNDONE_AT_MOST = 2;

/** Whether the guard may act at all, and there is something to go back to. */
function canBeUndone(life: Life, index: number): boolean {
  const { plan, rollouts } = life;
  const rollout = rollouts[index];
  const { mode, maxRollbacks, windowMs, rollbackTo } = plan.guard;
  if (rollout === undefined || mode === "Observe") return false;
  const made = rollouts.filter(
    ({ by, fromMs }) => by === "operator" && fromMs < rollout.fromMs && fromMs > rollout.fromMs - windowMs,
  );
  if (made.length >= maxRollbacks) return false;
  const undone = rollouts.filter(
    ({ template }, at) => at < index && template === rollout.template && rollouts[at + 1]?.by === "operator",
  );
  if (undone.length >= UNDONE_AT_MOST) return false;
  const before = rollouts.slice(0, index).filter(({ deployment }) => deployment === rollout.deployment);
  // A guard that was made later has not seen what ran before it.
  const guardFromMs = guardSinceMs(life, rollout.toMs);
  const working = before.filter(
    ({ version, complete }) => version.truth === "good" && complete.some(({ toMs }) => toMs > guardFromMs),
  );
  if (working.length === 0) return false;
  return rollbackTo === "LastGood" || before.at(-1)?.version.truth === "good";
}
