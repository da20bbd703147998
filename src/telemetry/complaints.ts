// Says a thing once: remembers what was complained about, so that a fault that lasts does not fill the log.

export interface ComplaintsOptions {
  /** The same complaint is news again after so long; Infinity: never, until it was settled or is forgotten. */
  readonly quietMs: number;
  /** About how many things complaints are remembered; those not complained about for the longest are forgotten first. */
  readonly remembered?: number | undefined;
}

const REMEMBERED = 2_000;
/** So many different complaints about one thing; beyond them the first is forgotten. */
const MOST_ABOUT_ONE = 20;

export class Complaints {
  readonly #quietMs: number;
  readonly #remembered: number;
  readonly #reported = new Map<string, Map<string, number>>();

  constructor({ quietMs, remembered = REMEMBERED }: ComplaintsOptions) {
    this.#quietMs = quietMs;
    this.#remembered = remembered;
  }

  /** Whether the complaint should be told now (epoch ms); if so, it counts as told. */
  isNews(about: string, what: string, now: number): boolean {
    const reported = this.#reported.get(about) ?? new Map<string, number>();
    const lastAt = reported.get(what);
    this.#reported.delete(about);
    this.#reported.set(about, reported);
    dropOldest(this.#reported, this.#remembered);
    if (lastAt !== undefined && now - lastAt < this.#quietMs) return false;
    reported.delete(what);
    reported.set(what, now);
    dropOldest(reported, MOST_ABOUT_ONE);
    return true;
  }

  /** All is well with the thing: the next complaint about it is news. */
  settle(about: string): void {
    this.#reported.delete(about);
  }
}

/** Maps keep the order in which their keys were set. */
function dropOldest(map: Map<string, unknown>, most: number): void {
  const oldest = map.keys().next();
  if (map.size > most && !oldest.done) map.delete(oldest.value);
}
