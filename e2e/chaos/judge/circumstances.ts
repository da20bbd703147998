// What held for everybody: when something was wrong around the operators, and when none of them ran. Pure.
import { gaps, type Interval } from "../intervals.ts";
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
}

/** A watch that died in silence is begun again after 90 s at the latest; everything else is back within seconds. */
const SILENCE_MS = 95_000;
const TRACES_MS = 10_000;
/** A read-again of everything after a start. */
const START_MS = 8_000;

/** So long after its holder is gone a Lease is taken by the other: its duration, and the pause between two tries. */
const LEASE_MS = 20_000;

export function circumstancesOf(
  { disturbances, isElected, lengthMs }: Pick<Plan, "disturbances" | "isElected" | "lengthMs">,
  evidence: Pick<Evidence, "lifetimes" | "startAt">,
): Circumstances {
  const { episodes } = disturbances;
  const leaseMs = isElected ? LEASE_MS : 0;
  const lifetimes = evidence.lifetimes.map(({ fromMs, toMs = lengthMs }) => ({ fromMs, toMs }));
  const troubled = episodes.map(({ atMs, untilMs, trouble }) => {
    const mayHang =
      trouble.is === "partition" ||
      ((trouble.is === "fault" || trouble.is === "faults") &&
        ("hang" in trouble.fault.does ||
          ("watch" in trouble.fault.does && trouble.fault.does.watch === "die")));
    return { fromMs: atMs, toMs: untilMs + leaseMs + (mayHang ? SILENCE_MS : TRACES_MS) };
  });
  const nodeLost = episodes
    .filter(({ trouble }) => trouble.is === "lostNodes")
    .map(({ atMs, untilMs }) => ({ fromMs: atMs, toMs: untilMs + 20_000 }));
  return {
    startAt: evidence.startAt,
    endMs: lengthMs,
    troubled,
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
  };
}
