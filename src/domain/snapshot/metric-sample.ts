// What a metric check measured.

export type MetricSample =
  /** The requests of a ratio or a latency. A side that was not asked about is undefined. */
  | {
      readonly kind: "counts";
      readonly new?: SideCounts | "noSeries" | undefined;
      readonly old?: SideCounts | "noSeries" | undefined;
      /** As they were sent, for the evidence. */
      readonly queries: readonly string[];
    }
  /** The value of a query. */
  | { readonly kind: "value"; readonly value: number | "noSeries"; readonly queries: readonly string[] }
  /** The check is written wrong: what to write instead. */
  | { readonly kind: "invalid"; readonly message: string };

/** Requests of the pods of one revision, in whole numbers. */
export interface SideCounts {
  readonly bad: number;
  readonly total: number;
  /** The same of each pod. */
  readonly pods: readonly PodCounts[];
}

export interface PodCounts {
  readonly pod: string;
  readonly bad: number;
  readonly total: number;
}
