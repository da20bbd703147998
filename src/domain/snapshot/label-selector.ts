// A label selector in the snapshot.

/** A Kubernetes label selector; an empty one selects everything. */
export interface LabelSelectorView {
  readonly labels: Readonly<Record<string, string>>;
  readonly expressions: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}
