// What became of one application, read from the chronicle: its rollouts, its Incidents, and what held when. Pure.
import type { IncidentPhase, IncidentSpec, IncidentStatus } from "../../../src/api/incident.ts";
import type { RolloutGuardStatus } from "../../../src/api/rollout-guard.ts";
import type { Actor, Entry } from "../chronicle.ts";
import type { Interval } from "../intervals.ts";
import type { ApplicationPlan } from "../plan/application-plan.ts";
import { type PlannedVersion, startMs } from "../plan/versions.ts";

/** A template, from when the Deployment was told to run it until it was told another. */
export interface Rollout extends Interval {
  readonly by: Actor;
  readonly version: PlannedVersion;
  readonly template: string;
  /** Which Deployment of that name: 0 is the first. */
  readonly deployment: number;
  /** When all pods were of this template and available. */
  readonly complete: readonly Interval[];
}

export interface RecordedIncident {
  readonly name: string;
  readonly spec: IncidentSpec;
  readonly phases: readonly { readonly atMs: number; readonly phase: IncidentPhase | "deleted" }[];
  readonly status: IncidentStatus | undefined;
}

export interface Life {
  readonly plan: ApplicationPlan;
  readonly entries: readonly Entry[];
  readonly endMs: number;
  readonly rollouts: readonly Rollout[];
  readonly incidents: readonly RecordedIncident[];
  /** When admission changed the template at an update that left it alone. */
  readonly admittedMs: readonly number[];
  /** By a person; what operators pause is their own affair. */
  readonly paused: readonly Interval[];
  readonly pausedByOperator: readonly Interval[];
  readonly vetoed: readonly Interval[];
  readonly scaledToZero: readonly Interval[];
  readonly withoutGuard: readonly Interval[];
  readonly withoutDeployment: readonly Interval[];
  /** What the guard said last. */
  readonly guard: RolloutGuardStatus | undefined;
  readonly hasGuard: boolean;
  /** When the present guard was made. */
  readonly guardSinceMs: number;
}

/** Reads the entries of one application. */
export function lifeOf(plan: ApplicationPlan, entries: readonly Entry[], endMs: number): Life {
  const guards = entries.filter(({ is }) => is === "guardCreated" || is === "guardDeleted");
  const deployments = entries.filter(
    (entry) => entry.is === "deploymentDeleted" || (entry.is === "template" && entry.isNew),
  );
  const withoutGuard = spans(guards, endMs, ({ is }) => is === "guardDeleted");
  return {
    plan,
    entries,
    endMs,
    rollouts: rolloutsOf(plan, entries, endMs),
    incidents: incidentsOf(entries),
    admittedMs: entries.filter(({ is }) => is === "admitted").map(({ atMs }) => atMs),
    paused: spans(entries, endMs, pausedBy("people")),
    pausedByOperator: spans(entries, endMs, pausedBy("operator")),
    vetoed: spans(entries, endMs, (entry) => (entry.is === "veto" ? entry.isSet : gone(entry))),
    scaledToZero: spans(entries, endMs, (entry) =>
      entry.is === "scaled" ? entry.replicas === 0 : gone(entry),
    ),
    withoutGuard,
    withoutDeployment: spans(deployments, endMs, ({ is }) => is === "deploymentDeleted"),
    guard: lastGuardStatus(entries),
    hasGuard: guards.at(-1)?.is === "guardCreated",
    guardSinceMs: guards.at(-1)?.atMs ?? 0,
  };
}

/** Whoever resumes it ends the pause. */
function pausedBy(actor: Actor): (entry: Entry) => boolean | undefined {
  return (entry) => {
    if (entry.is !== "paused") return gone(entry);
    return entry.isPaused && entry.by !== actor ? undefined : entry.isPaused;
  };
}

/** With its Deployment everything that was said of it is over. */
function gone({ is }: Entry): false | undefined {
  return is === "deploymentDeleted" ? false : undefined;
}

/** The intervals in which what `says` last said is true. */
function spans(
  entries: readonly Entry[],
  endMs: number,
  says: (entry: Entry) => boolean | undefined,
): readonly Interval[] {
  const found: Interval[] = [];
  let since: number | undefined;
  for (const entry of entries) {
    const holds = says(entry);
    if (holds === true) since ??= entry.atMs;
    if (holds === false && since !== undefined) {
      found.push({ fromMs: since, toMs: entry.atMs });
      since = undefined;
    }
  }
  if (since !== undefined) found.push({ fromMs: since, toMs: endMs });
  return found;
}

function rolloutsOf(plan: ApplicationPlan, entries: readonly Entry[], endMs: number): readonly Rollout[] {
  const rollouts: Rollout[] = [];
  let deployment = -1;
  entries.forEach((entry, index) => {
    if (entry.is !== "template") return;
    if (entry.isNew) deployment += 1;
    const version = plan.versions.find(({ tag }) => tag === entry.tag);
    if (version === undefined)
      throw new Error(`${plan.name} was told to run ${entry.tag}, which nobody planned`);
    const rest = entries.slice(index + 1);
    const until = rest.findIndex(({ is }) => is === "template" || is === "deploymentDeleted");
    const during = until === -1 ? rest : rest.slice(0, until);
    const toMs = rest[until]?.atMs ?? endMs;
    const complete = spans(during, toMs, (each) => (each.is === "complete" ? each.isComplete : undefined));
    const { by, template } = entry;
    rollouts.push({ fromMs: entry.atMs, toMs, by, version, template, deployment, complete });
  });
  return rollouts;
}

function incidentsOf(entries: readonly Entry[]): readonly RecordedIncident[] {
  const found = new Map<string, RecordedIncident>();
  for (const entry of entries) {
    if (entry.is !== "incident") continue;
    const { atMs, name, spec, phase, status } = entry;
    // A name is free again when its Incident was cleared away.
    const key = `${name} ${spec.detectedAt}`;
    const phases = [...(found.get(key)?.phases ?? [])];
    if (phases.at(-1)?.phase !== phase) phases.push({ atMs, phase });
    found.set(key, { name, spec, phases, status });
  }
  return [...found.values()];
}

function lastGuardStatus(entries: readonly Entry[]): RolloutGuardStatus | undefined {
  const last = entries.findLast(({ is }) => is === "guard" || is === "guardCreated");
  return last?.is === "guard" ? last.status : undefined;
}

/** So long a restored version needs at the most to be available, and to be seen to be. */
const RESTORED_MS = 100_000;
/** Quick starts are part of that. */
const QUICK_MS = 10_000;

/** How long a restored version of this application needs at the most to be available: its pods may start one after the other. */
export function restoredMs({ plan }: Life, { version }: Rollout): number {
  return RESTORED_MS + plan.trait.roundMs + plan.replicas * (startMs(version) - QUICK_MS);
}

/** The phases in which an Incident has ended. */
export const ENDED: ReadonlySet<IncidentPhase | "deleted"> = new Set([
  "Recovered",
  "NotRecovered",
  "Superseded",
  "deleted",
]);

/** Recovered is earned: it serves for so long at least, and for as long as the failed version needed to show itself. */
export const PROOF_MS = 60_000;

/** For how long a restored version is to serve before the Incident may say Recovered. */
export function proofMs({ rollouts }: Life, restored: Rollout): number {
  const undone = rollouts[rollouts.indexOf(restored) - 1];
  return Math.max(PROOF_MS, restored.fromMs - (undone?.fromMs ?? restored.fromMs));
}

/** So long after it has become available somebody has seen that. */
const SEEN_MS = 5_000;

/**
 * Whether a rollback is under way at the end: it was sent late, when a cooldown was over or a veto removed, and the
 * restored version may need longer than is left. It proves itself from the beginning when people ship another version
 * meanwhile and undo that.
 */
export function isInProgress(life: Life, { phases }: RecordedIncident): boolean {
  const { rollouts, endMs } = life;
  const last = rollouts.at(-1);
  const rollback = rollouts.findLast(({ by }) => by === "operator");
  const phase = phases.at(-1)?.phase;
  if ((phase !== "Acting" && phase !== "Verifying") || rollback === undefined || last === undefined)
    return false;
  if (rollback.template !== last.template || rollback.deployment !== last.deployment) return false;
  const provingMs = proofMs(life, rollback);
  const served = last.complete.at(-1);
  if (served === undefined) return last.fromMs > endMs - restoredMs(life, last);
  // A node that is lost while it proves itself makes it begin again.
  const isInTime = last.fromMs > endMs - restoredMs(life, last) - provingMs || last.complete.length > 1;
  return isInTime && served.fromMs > endMs - SEEN_MS - provingMs;
}

/** The Incidents about one rollout: detected while it was the newest. */
export function incidentsAbout(life: Life, rollout: Rollout, startAt: number): readonly RecordedIncident[] {
  return life.incidents.filter((incident) => rolloutBehind(life, incident, startAt) === rollout);
}

/** The operator's clock may be off by the second that a Date header is coarse. */
const CLOCK_MS = 3_000;

/** The rollout that an Incident is about: of those of its version the one in which, or next to which, it was detected. */
function rolloutBehind(
  { rollouts }: Life,
  { spec, phases }: RecordedIncident,
  startAt: number,
): Rollout | undefined {
  const detectedMs = Date.parse(spec.detectedAt) - startAt;
  const awayMs = ({ fromMs, toMs }: Rollout) => Math.max(0, fromMs - detectedMs, detectedMs - toMs);
  const openedMs = phases[0]?.atMs ?? detectedMs;
  const own = rollouts
    .filter(({ version }) => spec.failedRevision.images.some((image) => image.endsWith(`:${version.tag}`)))
    .filter((rollout) => awayMs(rollout) <= CLOCK_MS)
    // What an engine puts back at once, and what it was before, differ by less than an operator's clock is off.
    .filter(({ by, fromMs }) => by !== "engine" || fromMs < openedMs)
    .sort((a, b) => awayMs(a) - awayMs(b));
  return own.find(({ by, toMs }) => by === "engine" && openedMs <= toMs) ?? own[0];
}

/** Since when there is the guard that there was just before that moment; 0 when it was never made anew. */
export function guardSinceMs({ withoutGuard }: Life, beforeMs: number): number {
  return Math.max(0, ...withoutGuard.map(({ toMs }) => toMs).filter((atMs) => atMs < beforeMs));
}

/** A guard that was made later may find the rollout ended, which it does not judge. */
export function isGuardNewerThan({ withoutGuard }: Life, { fromMs, toMs }: Rollout): boolean {
  return withoutGuard.some((interval) => interval.toMs > fromMs && interval.fromMs < toMs);
}
