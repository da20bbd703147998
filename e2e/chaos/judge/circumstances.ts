// What held for everybody: when something was wrong around the operators, and when none of them ran. Pure.
import { gaps, type Interval } from "../intervals.ts";
import type { LostRight, Trouble } from "../plan/episodes.ts";
import type { Plan } from "../plan/plan.ts";
import type { Evidence } from "./evidence.ts";

export interface Circumstances {
  /** The cluster's time at the beginning (epoch ms). */
  readonly startAt: number;
  readonly endMs: number;
  /** Episodes, each with the time in which its traces go away. */
  readonly troubled: readonly Interval[];
  /** The node was lost: nothing that pods do shows. */
  readonly nodeLost: readonly Interval[];
  /** No operator ran, or had just been started. */
  readonly unattended: readonly Interval[];
  /** Of each operator process. */
  readonly lifetimes: readonly Interval[];
  /** When the operators may not read something. */
  readonly losses: readonly Loss[];
  /** How long nobody may act after the one that did has ended. */
  readonly leaseMs: number;
}

/** The time in which the operators may not read something, and until they have read it again. */
export interface Loss extends Interval {
  readonly right: LostRight;
  /** When they may again. */
  readonly givenBackMs: number;
  /** What else went wrong, with its traces. */
  readonly otherTrouble: readonly Interval[];
}

/** A watch that died in silence is begun again after 90 s at the latest; everything else is back within seconds. */
const SILENCE_MS = 95_000;
const TRACES_MS = 10_000;
/** What was refused is read again after so long. */
const RIGHTS_MS = 35_000;
/** A read-again of everything after a start. */
const START_MS = 8_000;

/** So long after its holder is gone a Lease is taken by the other: its duration, and the pause between two tries. */
const LEASE_MS = 20_000;

export function circumstancesOf(
  { disturbances, isElected, lengthMs }: Pick<Plan, "disturbances" | "isElected" | "lengthMs">,
  evidence: Pick<Evidence, "lifetimes" | "startAt">,
): Circumstances {
  const leaseMs = isElected ? LEASE_MS : 0;
  const lifetimes = evidence.lifetimes.map(({ fromMs, toMs = lengthMs }) => ({ fromMs, toMs }));
  const episodes = disturbances.episodes.map((episode) => ({
    ...episode,
    fromMs: episode.atMs,
    toMs: episode.untilMs + leaseMs + tracesMs(episode.trouble),
  }));
  const nodeLost = episodes
    .filter(({ trouble }) => trouble.is === "lostNodes")
    .map(({ atMs, untilMs }) => ({ fromMs: atMs, toMs: untilMs + 20_000 }));
  return {
    startAt: evidence.startAt,
    endMs: lengthMs,
    troubled: episodes,
    nodeLost,
    unattended: [
      ...gaps({ fromMs: 0, toMs: lengthMs }, lifetimes).map(({ fromMs, toMs }) => ({
        fromMs,
        toMs: toMs + START_MS + leaseMs,
      })),
      // Whoever ended may have been the leader.
      ...lifetimes.map(({ toMs }) => ({ fromMs: toMs, toMs: toMs + leaseMs })),
    ],
    lifetimes,
    losses: episodes.flatMap(({ fromMs, toMs, untilMs, trouble }) =>
      trouble.is === "lostRight"
        ? {
            fromMs,
            toMs,
            givenBackMs: untilMs,
            right: trouble,
            otherTrouble: episodes.filter((other) => other.trouble !== trouble),
          }
        : [],
    ),
    leaseMs,
  };
}

/** How long the trouble shows after its end. */
function tracesMs(trouble: Trouble): number {
  if (trouble.is === "partition") return SILENCE_MS;
  if (trouble.is === "lostRight") return RIGHTS_MS;
  if (trouble.is !== "fault" && trouble.is !== "faults") return TRACES_MS;
  const { does } = trouble.fault;
  return "hang" in does || ("watch" in does && does.watch === "die") ? SILENCE_MS : TRACES_MS;
}
