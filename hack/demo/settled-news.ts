// Holds news back for a moment, so that what flickers is told once: pods that come one by one, endpoints that go and return. Pure.
import type { Sight } from "./sight.ts";
import { type News, newsBetween, newsOfEndpoints, type TimelineEntry } from "./timeline.ts";

/** How long news are held back, in ms of the cluster: too short for a reader to notice. */
const HOLD_MS = 1_500;

/** The stream of looks in, the timeline out, in the order of time. */
export class SettledNews {
  readonly #application: string;
  #last: Sight;
  #reportedEndpoints: number;
  #held: readonly News[] = [];

  constructor(application: string, first: Sight) {
    this.#application = application;
    this.#last = first;
    this.#reportedEndpoints = first.endpoints;
  }

  /** Takes the next look; returns what has lasted long enough to be told. */
  next(sight: Sight): readonly TimelineEntry[] {
    const before = this.#last;
    this.#last = sight;
    for (const news of newsBetween(before, sight, this.#application)) this.#hold(news);
    if (sight.endpoints !== before.endpoints) this.#holdEndpoints(before.at, sight.endpoints);
    return this.#release(sight.at - HOLD_MS);
  }

  /** Everything that is still held back. */
  rest(): readonly TimelineEntry[] {
    return this.#release(Number.POSITIVE_INFINITY);
  }

  #hold(news: News): void {
    const others = this.#held.filter(({ topic }) => topic === undefined || topic !== news.topic);
    this.#held = [...others, news].sort((a, b) => a.at - b.at);
  }

  /** Endpoints that are back to the number told last are no news. */
  #holdEndpoints(at: number, endpoints: number): void {
    if (endpoints !== this.#reportedEndpoints) {
      this.#hold(newsOfEndpoints(at, this.#application, this.#reportedEndpoints, endpoints));
    } else this.#held = this.#held.filter(({ topic }) => topic !== "endpoints");
  }

  #release(until: number): readonly TimelineEntry[] {
    const reported = this.#held.filter(({ at }) => at <= until);
    this.#held = this.#held.filter(({ at }) => at > until);
    if (reported.some(({ topic }) => topic === "endpoints")) this.#reportedEndpoints = this.#last.endpoints;
    return reported;
  }
}
