// What the counters of one pod gained between scrapes, as Prometheus counts it: a counter that fell began again at zero.

/** Values by series. */
export type Counters = ReadonlyMap<string, number>;

interface Gain {
  /** When it was read (epoch ms). */
  readonly at: number;
  readonly part: number;
  readonly total: number;
}

/** For windows of five minutes, and a scrape every five seconds. */
const MOST_GAINS = 64;

export class CounterHistory {
  #last: { readonly part: Counters; readonly total: Counters } | undefined;
  #gains: readonly Gain[] = [];
  #readAt = 0;

  /** When it was read last (epoch ms). */
  get readAt(): number {
    return this.#readAt;
  }

  /** Takes note of a scrape. */
  read(part: Counters, total: Counters, at: number): void {
    if (this.#last !== undefined) {
      const gain = { at, part: gainOf(this.#last.part, part), total: gainOf(this.#last.total, total) };
      this.#gains = [...this.#gains, gain].slice(-MOST_GAINS);
    }
    this.#last = { part, total };
    this.#readAt = at;
  }

  /** What was gained since then; undefined before there are two scrapes to compare. */
  since(at: number): Omit<Gain, "at"> | undefined {
    const gains = this.#gains.filter((gain) => gain.at > at);
    if (gains.length === 0) return undefined;
    const sum = (which: "part" | "total") => gains.reduce((so, gain) => so + gain[which], 0);
    return { part: sum("part"), total: sum("total") };
  }
}

/** A series that was not there at the scrape before began at zero since: an application makes it with its first event. */
function gainOf(before: Counters, now: Counters): number {
  let gain = 0;
  for (const [series, value] of now) {
    const former = before.get(series) ?? 0;
    gain += value >= former ? value - former : value;
  }
  return gain;
}
