// Where something stands: in a file with line and column, or in a cluster.

/** Steps from the root of a document: keys and list indexes. */
export type FieldPath = readonly (string | number)[];

export interface Place {
  /** The file as it was named, "stdin", or "cluster". */
  readonly source: string;
  /** From 1; absent where there is no text. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

/** "file:line:column", as editors and terminals understand it. */
export function placeText({ source, line, column }: Place): string {
  return line === undefined ? source : `${source}:${line}:${column ?? 1}`;
}

/** The order in which places are told: by source, then from top to bottom. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}
