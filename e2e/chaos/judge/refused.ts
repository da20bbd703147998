// Where the API server refuses a rollback: does the Incident say so, and is the rollback tried again, but not all the time? Pure.
import { type Entry, type OperatorWrite, ROLLBACK } from "../chronicle.ts";
import { holdsAt, type Interval, overlaps } from "../intervals.ts";
import type { Circumstances } from "./circumstances.ts";
import { incidentsAbout, type Life, type Rollout } from "./life.ts";
import type { Violation } from "./violation.ts";

/** So long after a try the Incident says what became of it. */
const SAID_MS = 10_000;
/** The longest pause between two tries. */
const LONGEST_PAUSE_MS = 300_000;
/** A try is followed by another after 2.5 s at the earliest, and by each further one after twice as long. */
const FIRST_PAUSE_MS = 2_500;

/** When the Deployment must not be changed by operators; none when they may always. */
function refusedDuring({ plan, endMs }: Pick<Life, "plan" | "endMs">): readonly Interval[] {
  const { refusal } = plan;
  return refusal === undefined ? [] : [{ fromMs: refusal.fromMs, toMs: refusal.untilMs ?? endMs }];
}

/**
 * When a rollback need not have been made because of it: while it is refused, and until the next try, which comes after
 * twice the time that has passed since the first.
 */
export function hinderedDuring(life: Pick<Life, "plan" | "endMs">): readonly Interval[] {
  return refusedDuring(life).map(({ fromMs, toMs }) => ({
    fromMs,
    toMs: toMs + Math.min(LONGEST_PAUSE_MS, 2 * (toMs - fromMs) + SAID_MS),
  }));
}

/** Whether the write is a try that was refused. */
export function isRefusedTry(life: Life, { write, atMs }: OperatorWrite): boolean {
  return write === ROLLBACK && holdsAt(refusedDuring(life), atMs);
}

export function judgeRefused(
  life: Life,
  circumstances: Circumstances,
  writes: readonly OperatorWrite[],
): readonly Violation[] {
  const tries = writes.filter((write) => isRefusedTry(life, write));
  return life.rollouts.flatMap((rollout) => {
    const own = tries.filter(({ atMs }) => holdsAt([rollout], atMs));
    if (rollout.by === "operator") return [];
    return [
      ...own.flatMap(({ atMs }) => unsaid(life, rollout, circumstances, atMs)).slice(0, 1),
      ...tooOften(rollout, circumstances, own),
    ];
  });
}

/** After a refused try the Incident is Held, and has said that it is by Refused; another brake can have followed. */
function unsaid(
  life: Life,
  rollout: Rollout,
  circumstances: Circumstances,
  triedMs: number,
): readonly Violation[] {
  const saidMs = triedMs + SAID_MS;
  const meanwhile = { fromMs: triedMs, toMs: saidMs };
  const isOver = !holdsAt([rollout], saidMs) || !holdsAt(refusedDuring(life), saidMs);
  const { troubled, unattended } = circumstances;
  const others = [...troubled, ...unattended, ...life.paused, ...life.vetoed, ...life.scaledToZero];
  if (isOver || [...others, ...life.withoutGuard].some((other) => overlaps(other, meanwhile))) return [];
  const about = new Set(incidentsAbout(life, rollout, circumstances.startAt).map(({ name }) => name));
  const said = life.entries.filter(
    (entry) => entry.is === "incident" && entry.atMs <= saidMs && about.has(entry.name),
  );
  const last = said.at(-1);
  if (last?.is === "incident" && last.phase === "Held" && said.some(isHeldByRefused)) return [];
  const says = last?.is === "incident" ? `Incident ${last.name} is ${last.phase}` : "there is no Incident";
  return [{ rule: "refused", atMs: saidMs, what: `the rollback was refused, and ${says}` }];
}

function isHeldByRefused(entry: Entry): boolean {
  return entry.is === "incident" && entry.phase === "Held" && entry.status?.brake?.reason === "Refused";
}

/** Each operator begins again with a short pause. */
function tooOften(
  { version, fromMs, toMs }: Rollout,
  { endMs, lifetimes }: Circumstances,
  tries: readonly OperatorWrite[],
): readonly Violation[] {
  const [first] = tries;
  const last = tries.at(-1);
  if (first === undefined || last === undefined) return [];
  const during = { fromMs: Math.max(fromMs, first.atMs), toMs: Math.min(toMs, last.atMs + 1, endMs) };
  const bound = lifetimes
    // One that was killed at its try ends with it.
    .filter((lifetime) => lifetime.fromMs < during.toMs && during.fromMs <= lifetime.toMs)
    .reduce((sum, lifetime) => {
      const lastsMs = Math.min(lifetime.toMs, during.toMs) - Math.max(lifetime.fromMs, during.fromMs);
      return sum + 2 + Math.ceil(Math.log2(1 + lastsMs / FIRST_PAUSE_MS));
    }, 0);
  return tries.length > bound
    ? [
        {
          rule: "too many requests",
          atMs: last.atMs,
          what: `the rollback of ${version.tag} was tried ${tries.length} times while it was refused`,
        },
      ]
    : [];
}
