// The shape of a row of the metric table.

/** A label. With `values` it is closed: only those can be used, and each has a series from the start. */
export interface LabelDescription {
  readonly help: string;
  readonly values?: readonly string[];
}

export interface MetricDescription {
  readonly type: "counter" | "gauge" | "histogram";
  readonly name: string;
  /** The `# HELP` line: what the number means to somebody on call. */
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelDescription>>;
  /** Upper bounds of a histogram's buckets, in seconds. */
  readonly buckets?: readonly number[];
}

/** A label whose values come from the cluster. */
export function openLabel(help: string): { readonly help: string } {
  return { help };
}

/** The labels that a metric takes, with the values that are allowed. */
export type LabelsOf<M extends MetricDescription> = {
  readonly [L in keyof M["labels"]]: M["labels"][L] extends { readonly values: readonly (infer V)[] }
    ? V
    : string;
};
