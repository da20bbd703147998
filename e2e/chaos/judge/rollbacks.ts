// Was every rollback right: a bad rollout undone, to a good revision exactly, and allowed at that moment? Pure.
import { firstStretch, holdsAt, type Interval, overlaps } from "../intervals.ts";
import type { Circumstances } from "./circumstances.ts";
import { guardSinceMs, isGuardNewerThan, type Life, type Rollout } from "./life.ts";
import type { Violation } from "./violation.ts";

/** What a person does in the moment before the patch may come too late for it (docs/adr/0005). */
const MOMENT_MS = 1_500;
/** Cooldowns are measured from the operator's clock, which follows a header of whole seconds. */
const CLOCK_MS = 2_500;

export function judgeRollbacks(life: Life, circumstances: Circumstances): readonly Violation[] {
  const { rollouts } = life;
  const wrong = rollouts.flatMap((rollout, index) => {
    if (rollout.by !== "operator") return [];
    const undone = rollouts[index - 1];
    const say = (what: string): Violation => ({ rule: "wrong rollback", atMs: rollout.fromMs, what });
    if (undone === undefined || undone.deployment !== rollout.deployment)
      return [say("an operator made a Deployment")];
    return [
      ...wrongToUndo(undone).map(say),
      ...wrongToRestore(life, undone, rollout, index, circumstances).map(say),
      ...notAllowed(life, rollout, circumstances).map(say),
      ...endlessly(life, index - 1).map(say),
    ];
  });
  return [...wrong, ...patchedTwice(life)];
}

/** One Incident, one patch, whatever has become of it. */
function patchedTwice({ entries }: Life): readonly Violation[] {
  const patched = new Set<string>();
  const violations: Violation[] = [];
  for (const entry of entries) {
    // Its name is free again.
    if (entry.is === "incident" && entry.phase === "deleted") patched.delete(entry.name);
    if (entry.is !== "patched") continue;
    const { incident, atMs } = entry;
    if (patched.has(incident))
      violations.push({ rule: "wrong rollback", atMs, what: `Incident ${incident} was patched again` });
    patched.add(incident);
  }
  return violations;
}

/** So often the same version may be undone while nobody ships another. */
const UNDONE_AT_MOST = 2;

function endlessly({ rollouts }: Life, index: number): readonly string[] {
  const undone = rollouts[index];
  if (undone === undefined) return [];
  const since = rollouts.findLastIndex(
    ({ by, template }, at) => at < index && by === "people" && template !== undone.template,
  );
  const before = rollouts
    .slice(since + 1, index)
    .filter(
      ({ template }, at) => template === undone.template && rollouts[since + 2 + at]?.by === "operator",
    );
  return before.length >= UNDONE_AT_MOST
    ? [`${undone.version.tag} was put back and undone again, after ${before.length} rollbacks of it`]
    : [];
}

function wrongToUndo(undone: Rollout): readonly string[] {
  const { version, by } = undone;
  if (by === "operator") return [`its own rollback to ${version.tag} was undone`];
  return version.truth === "good" ? [`${version.tag}, which is good (${version.kind}), was undone`] : [];
}

function wrongToRestore(
  life: Life,
  undone: Rollout,
  restored: Rollout,
  index: number,
  circumstances: Circumstances,
): readonly string[] {
  const before = life.rollouts
    .slice(0, index - 1)
    .filter(({ deployment }) => deployment === restored.deployment);
  const { tag, truth } = restored.version;
  if (truth === "bad") {
    // Found running and complete by a guard that was made anew: it knows no Services of before that lost their pods.
    const found = before.findLast(({ template }) => template === restored.template);
    const lookedWell =
      found !== undefined &&
      found.complete.length > 0 &&
      (isGuardNewerThan(life, found) || wasNeverSeenServing(life, found, before, circumstances));
    return lookedWell ? [] : [`${undone.version.tag} was replaced by ${tag}, which is bad`];
  }
  if (!before.some(({ template }) => template === restored.template))
    return [`the template of ${tag} was not restored as it was shipped`];
  const newestIndex = before.findLastIndex(({ version }) => version.truth === "good");
  const newest = before[newestIndex];
  if (newest === undefined || newest.template === restored.template) return [];
  const guardFromMs = guardSinceMs(life, restored.fromMs);
  const isNothingLeft = [...before.slice(newestIndex + 1), undone].some((each) => leavesNothing(life, each));
  const unseen = isNothingLeft ? [...circumstances.troubled, ...circumstances.unattended] : [];
  return hasClearlyBaked(newest, life.plan.guard.bakeTimeMs, guardFromMs, unseen)
    ? [`${tag} was restored, though ${newest.version.tag} is newer and was good`]
    : [];
}

/** So much time without trouble is enough for an operator to note which Services serve. */
const NOTED_MS = 10_000;

/**
 * Whether the version only lost the labels that its Service selects, and no operator could look at this guard while a version before
 * it served. Its pods are all ready, and an empty Service that never served the Deployment condemns nothing: it can have been
 * made for something else. A guard that names its Services needs no memory.
 */
function wasNeverSeenServing(
  life: Life,
  { version, fromMs, deployment }: Rollout,
  before: readonly Rollout[],
  { troubled, unattended }: Circumstances,
): boolean {
  if (version.kind !== "label-lost" || life.plan.guard.namesServices) return false;
  const guardFromMs = guardSinceMs(life, fromMs);
  const served = before
    .filter((each) => each.deployment === deployment && each.fromMs < fromMs)
    .flatMap(({ complete }) => complete)
    .map((each) => ({ fromMs: Math.max(each.fromMs, guardFromMs), toMs: Math.min(each.toMs, fromMs) }));
  return served.every((each) => firstStretch(each, [...troubled, ...unattended], NOTED_MS) === undefined);
}

/**
 * Whether the rollout took away all pods of the version before it. What that one was while no operator could look nobody knows then:
 * the Deployment's conditions tell of the newer rollout.
 */
function leavesNothing({ plan, entries }: Life, { complete, fromMs, toMs }: Rollout): boolean {
  const { strategy, replicas } = plan.deployment;
  return (
    complete.length > 0 ||
    // It was complete for the instant between two crashes.
    entries.some(
      (entry) => entry.is === "endpoints" && entry.ready === 0 && fromMs < entry.atMs && entry.atMs <= toMs,
    ) ||
    // Each version is shipped without pods, and scaled up later.
    replicas === 0 ||
    strategy?.type === "Recreate" ||
    strategy?.rollingUpdate?.maxUnavailable === "100%"
  );
}

/** So much time without trouble is enough for an operator to see that the bake time is over. */
const BAKED_MS = 30_000;

/** Complete through its bake time with room to spare, before the eyes of the guard: one made anew has not seen it. */
function hasClearlyBaked(
  { complete }: Rollout,
  bakeTimeMs: number,
  guardFromMs: number,
  unseen: readonly Interval[],
): boolean {
  return complete.some(({ fromMs, toMs }) => {
    const baked = { fromMs: Math.max(fromMs, guardFromMs) + bakeTimeMs, toMs };
    return firstStretch(baked, unseen, BAKED_MS) !== undefined;
  });
}

function notAllowed(life: Life, { fromMs }: Rollout, circumstances: Circumstances): readonly string[] {
  const { mode, maxRollbacks, windowMs, cooldownMs } = life.plan.guard;
  const earlier = life.rollouts.filter((each) => each.by === "operator" && each.fromMs < fromMs);
  const within = earlier.filter((each) => each.fromMs > fromMs - windowMs);
  const last = earlier.at(-1);
  const beforeMs = fromMs - MOMENT_MS;
  const wrongs: string[] = [];
  if (mode === "Observe") wrongs.push("the guard only observes");
  if (holdsAt(life.paused, fromMs) && holdsAt(life.paused, beforeMs))
    wrongs.push("the Deployment was paused");
  if (holdsAt(life.vetoed, fromMs) && holdsAt(life.vetoed, beforeMs)) wrongs.push("a veto was set");
  const deleted = life.withoutGuard.find(({ fromMs: from, toMs }) => from <= beforeMs && fromMs < toMs);
  if (deleted && !isHidden(circumstances, { fromMs: deleted.fromMs, toMs: fromMs }))
    wrongs.push("there was no guard");
  if (within.length >= maxRollbacks)
    wrongs.push(`it was number ${within.length + 1} of ${maxRollbacks} in ${windowMs / 1_000} s`);
  if (last !== undefined && fromMs - last.fromMs < cooldownMs - CLOCK_MS)
    wrongs.push(`only ${(fromMs - last.fromMs) / 1_000} s after the one before`);
  return wrongs;
}

/** Whether operators may not have heard of what happened in that time. */
function isHidden({ troubled }: Circumstances, interval: Interval): boolean {
  return troubled.some((trouble) => overlaps(trouble, interval));
}
