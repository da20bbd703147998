// What was done wrong, in a sentence. Pure.

export interface Violation {
  /** The rule, in a word or two. */
  readonly rule: string;
  /** Namespace and name of the application; undefined: it concerns all. */
  readonly application?: string | undefined;
  readonly atMs: number;
  readonly what: string;
}
