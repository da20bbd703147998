// Do the operators' metrics agree with what happened: is every rollback that was sent counted by its end, or in progress? Pure.
import type { Sample } from "../chronicle.ts";
import { holdsAt, type Interval, overlaps } from "../intervals.ts";
import type { Circumstances } from "./circumstances.ts";
import type { Evidence } from "./evidence.ts";
import { ENDED, type Life, type RecordedIncident } from "./life.ts";
import type { Violation } from "./violation.ts";

/** What an operator has written another may not have heard for so long. */
const HEARD_MS = 10_000;

/** One violation for each operator: what was counted wrongly is so from then on. */
export function judgeFigures(
  lives: readonly Life[],
  circumstances: Circumstances,
  { lifetimes, samples }: Pick<Evidence, "lifetimes" | "samples">,
): readonly Violation[] {
  const rollbacks = lives.flatMap((life) => life.incidents.flatMap((incident) => rollbackOf(incident, life)));
  return lifetimes.flatMap(({ operator, fromMs }) => {
    const own = samples.filter((sample) => sample.operator === operator);
    return own.flatMap((sample) => wrongIn(sample, fromMs, rollbacks, circumstances)).slice(0, 1);
  });
}

function wrongIn(
  { atMs, operator, sent, ended, inProgress }: Sample,
  fromMs: number,
  rollbacks: readonly Rollback[],
  { leaseMs, troubled }: Circumstances,
): readonly Violation[] {
  const say = (what: string): Violation => ({ rule: "figures", atMs, what: `operator ${operator} ${what}` });
  const counts = `${sent} rollbacks as sent, ${ended} as ended and ${inProgress} as in progress`;
  const life = { fromMs, toMs: atMs + 1 };
  // Whoever loses the Lease leaves what is in progress to another, and is then one that finds it.
  const handovers = leaseMs > 0 ? troubled.filter((trouble) => overlaps(trouble, life)) : [];
  const left = rollbacks.filter((rollback) =>
    handovers.some((trouble) => overlaps(trouble, rollback)),
  ).length;
  const start = leaseMs > 0 ? life : { fromMs: fromMs - HEARD_MS, toMs: readAllAt(fromMs, troubled) };
  const found = rollbacks.filter((rollback) => overlaps(rollback, start)).length;
  const known = rollbacks.filter((rollback) =>
    overlaps(rollback, { ...life, fromMs: fromMs - HEARD_MS }),
  ).length;
  const surplus = ended + inProgress - sent;
  return [
    ...(surplus < -left ? [say(`lost sight of a rollback: it counts ${counts}`)] : []),
    ...(surplus > found ? [say(`counts what nobody sent: ${counts}, and found ${found} in progress`)] : []),
    ...(sent > known && handovers.length === 0
      ? [say(`counts ${sent} rollbacks as sent, there were ${known}`)]
      : []),
  ];
}

/** When an operator that starts then has seen every guard at the latest: trouble may keep it from that. */
function readAllAt(startMs: number, troubled: readonly Interval[]): number {
  const atMs = startMs + HEARD_MS;
  const ends = troubled.filter((trouble) => holdsAt([trouble], atMs)).map(({ toMs }) => toMs);
  return ends.length === 0 ? atMs : readAllAt(Math.max(...ends), troubled);
}

/** From when an Incident's rollback was sent until its Incident ended. */
interface Rollback {
  readonly fromMs: number;
  readonly toMs: number;
}

function rollbackOf({ name, phases }: RecordedIncident, { entries, endMs }: Life): readonly Rollback[] {
  const openedMs = phases[0]?.atMs ?? 0;
  const toMs = phases.find(({ phase }) => ENDED.has(phase))?.atMs ?? endMs;
  const sent = entries.find(
    (entry) => entry.is === "patched" && entry.incident === name && entry.atMs >= openedMs,
  );
  return sent === undefined ? [] : [{ fromMs: sent.atMs, toMs: Math.max(sent.atMs, toMs) + 1 }];
}
