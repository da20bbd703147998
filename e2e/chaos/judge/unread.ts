// Where the operators may not read a resource for a minute: does each guard say so, and no longer than it is true? Pure.
import type { RolloutGuardStatus } from "../../../src/api/rollout-guard.ts";
import { holdsAt, type Interval, overlaps } from "../intervals.ts";
import type { LostRight } from "../plan/episodes.ts";
import type { Circumstances, Loss } from "./circumstances.ts";
import type { Life } from "./life.ts";
import type { Violation } from "./violation.ts";

/** A minute, and until every guard has said it. */
const SAID_MS = 80_000;

/** An operator may be reading for the first time for so long. */
const STARTING_MS = 8_000;

/** Decisions can do without them; or nobody may say anything. */
const UNSAID: ReadonlySet<LostRight["resource"]> = new Set(["events", "networkpolicies", "leases"]);

export function judgeUnread(life: Life, circumstances: Circumstances): readonly Violation[] {
  return [...circumstances.losses.flatMap((loss) => unsaid(life, circumstances, loss)), ...saidTooLong(life)];
}

function unsaid(life: Life, circumstances: Circumstances, loss: Loss): readonly Violation[] {
  const { resource, of } = loss.right;
  if (UNSAID.has(resource) || (resource === "rolloutguards" && of === "everything")) return [];
  const others = [...loss.otherTrouble, ...life.withoutGuard, ...life.withoutDeployment];
  const silences = circumstances.lifetimes
    // Without having read them nobody knows that there are guards.
    .filter(({ fromMs }) => resource !== "rolloutguards" || fromMs < loss.fromMs - STARTING_MS)
    .map(({ fromMs, toMs }) => ({
      fromMs: Math.max(fromMs, loss.fromMs),
      toMs: Math.min(toMs, loss.givenBackMs),
    }))
    .map(({ fromMs, toMs }) => ({ fromMs, toMs, saidMs: fromMs + SAID_MS + circumstances.leaseMs }))
    .filter(({ fromMs, toMs, saidMs }) => {
      const meanwhile = { fromMs, toMs: saidMs };
      if (saidMs >= toMs || others.some((other) => overlaps(other, meanwhile))) return false;
      if (resource === "rolloutguards" && isChangedUnseen(life, circumstances, meanwhile)) return false;
      const ready = readyCondition(life, saidMs);
      return ready?.reason !== "CannotRead" || !ready.message.includes(resource);
    });
  return silences.slice(0, 1).map(({ fromMs, saidMs }) => ({
    rule: "unread",
    atMs: saidMs,
    what: `${resource} could not be read for ${(saidMs - fromMs) / 1_000} s, and the guard's Ready said ${readyCondition(life, saidMs)?.reason ?? "nothing"}`,
  }));
}

/**
 * Whether another operator can have changed the guard while this one could not read it: the API server takes no status from
 * who has not seen the present one.
 */
function isChangedUnseen(
  { entries }: Life,
  { lifetimes }: Circumstances,
  { fromMs, toMs }: Interval,
): boolean {
  const changes = entries.filter(({ is, atMs }) => is === "guard" && fromMs <= atMs && atMs < toMs);
  return changes.some(({ atMs }) => lifetimes.filter((lifetime) => holdsAt([lifetime], atMs)).length > 1);
}

/** At the end everything can be read. */
function saidTooLong(life: Life): readonly Violation[] {
  const ready = readyCondition(life, life.endMs);
  if (!life.hasGuard || ready?.reason !== "CannotRead") return [];
  return [{ rule: "unread", atMs: life.endMs, what: `the guard still says: ${ready.message}` }];
}

function readyCondition({ entries }: Life, atMs: number) {
  const last = entries.findLast((entry) => entry.is === "guard" && entry.atMs <= atMs);
  const status: RolloutGuardStatus = last?.is === "guard" ? last.status : {};
  return status.conditions?.find(({ type }) => type === "Ready");
}
