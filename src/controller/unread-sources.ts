// Sources that have been away for a minute: guards say so, the log says so once, and a metric says for how long.
import type { UnreadResource } from "../domain/snapshot/unread.ts";
import type { Clock } from "../kube/clock.ts";
import { NEEDS, type ResourceName } from "../kube/resources.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { isAbout, type Source } from "./source.ts";

/** Shorter interruptions are ordinary: an API server that is restarted, a node that is drained. */
const UNREAD_AFTER_MS = 60_000;
const CHECK_EVERY_MS = 5_000;

export interface UnreadSourcesOptions {
  readonly sources: readonly Source[];
  readonly clock: Pick<Clock, "now" | "after">;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "watchLagSeconds">;
}

/** Starts once and stops once. */
export class UnreadSources {
  readonly #options: UnreadSourcesOptions;
  #unread: ReadonlySet<Source> = new Set();
  #cancel = () => {};

  constructor(options: UnreadSourcesOptions) {
    this.#options = options;
    options.metrics.watchLagSeconds.readFrom(() => this.#secondsBehind());
  }

  /** Calls `onChange` whenever another source has been away for a minute, or is back. */
  start(onChange: () => void): void {
    const check = () => {
      if (this.#check()) onChange();
      this.#cancel = this.#options.clock.after(CHECK_EVERY_MS, check);
    };
    check();
  }

  stop(): void {
    this.#cancel();
  }

  /** What of the namespace has not been current for a minute, as its guards are to know it. */
  in(namespace: string): readonly UnreadResource[] {
    const about = [...this.#unread].filter((source) => isAbout(source, namespace));
    return about.flatMap(({ resource, problem }) => {
      if (resource === undefined || resource === "events") return [];
      return { need: NEEDS[resource], resource, why: problem ?? "Its watch cannot be restored." };
    });
  }

  /** Whether it has been away for a minute. */
  includes(source: Source): boolean {
    return this.#unread.has(source);
  }

  /** The names of the sources that no decision can do without and that have been away for a minute. */
  names(): readonly string[] {
    return [...this.#unread].filter(({ isOnlyEvidence }) => !isOnlyEvidence).map(({ name }) => name);
  }

  /** Whether there was a change. */
  #check(): boolean {
    const { sources, logger } = this.#options;
    const unread = new Set(sources.filter((source) => this.#msBehind(source) >= UNREAD_AFTER_MS));
    const lost = [...unread].filter((source) => !this.#unread.has(source));
    const back = [...this.#unread].filter((source) => !unread.has(source));
    this.#unread = unread;
    const names = (some: readonly Source[]) => some.map(({ name }) => name).join(", ");
    if (lost.length > 0) {
      const why = [...new Set(lost.flatMap(({ problem }) => problem ?? []))].join(" ");
      logger.error(
        `no current data for a minute: ${names(lost)}; decisions that depend on it are suspended${why ? `: ${why}` : ""}`,
      );
    }
    if (back.length > 0) logger.info(`data is current again: ${names(back)}`);
    return lost.length + back.length > 0;
  }

  #msBehind({ behindSinceAt }: Source): number {
    return behindSinceAt === undefined ? 0 : this.#options.clock.now() - behindSinceAt;
  }

  /** Of each resource the longest, of whatever namespace. */
  #secondsBehind(): [{ resource: ResourceName }, number][] {
    const seconds = new Map<ResourceName, number>();
    for (const source of this.#options.sources) {
      const { resource } = source;
      if (resource === undefined) continue;
      seconds.set(resource, Math.max(seconds.get(resource) ?? 0, this.#msBehind(source) / 1_000));
    }
    return [...seconds].map(([resource, value]) => [{ resource }, value]);
  }
}
