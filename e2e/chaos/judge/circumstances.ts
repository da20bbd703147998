// What held for everybody: when something was wrong around the operators, and when none of them ran. Pure.
import type { Interval } from "../intervals.ts";
import type { Disturbances } from "../plan/disturbances.ts";

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
}

/** A watch that died in silence is begun again after 90 s at the latest; everything else is back within seconds. */
const SILENCE_MS = 95_000;
const TRACES_MS = 10_000;
/** A read-again of everything after a start. */
const START_MS = 8_000;

export function circumstancesOf(
  { episodes }: Pick<Disturbances, "episodes">,
  unattended: readonly Interval[],
  startAt: number,
  endMs: number,
): Circumstances {
  const troubled = episodes.map(({ atMs, untilMs, trouble }) => {
    const mayHang =
      trouble.is === "partition" ||
      ((trouble.is === "fault" || trouble.is === "faults") &&
        ("hang" in trouble.fault.does ||
          ("watch" in trouble.fault.does && trouble.fault.does.watch === "die")));
    return { fromMs: atMs, toMs: untilMs + (mayHang ? SILENCE_MS : TRACES_MS) };
  });
  const nodeLost = episodes
    .filter(({ trouble }) => trouble.is === "lostNodes")
    .map(({ atMs, untilMs }) => ({ fromMs: atMs, toMs: untilMs + 20_000 }));
  return {
    startAt,
    endMs,
    troubled,
    nodeLost,
    unattended: unattended.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs + START_MS })),
  };
}
