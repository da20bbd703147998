// Where a reflector puts what it reads: whole lists as replacements, then single changes.
import type { RawObject } from "../objects.ts";

/** Receives one resource in one scope. `at` is when it was received (epoch ms of the cluster's clock). */
export interface ReflectorSink {
  /** Begins a new full list. Nothing changes until it is committed; it must be committed or abandoned. */
  beginReplace(): ReplaceTransaction;
  apply(type: "ADDED" | "MODIFIED" | "DELETED", object: RawObject, at: number): void;
  /**
   * The same of a change of which only the head was read: `read` parses the rest, and throws when it is not JSON. Default: it is
   * parsed at once and applied.
   */
  applyUnread?(change: UnreadChange, at: number): void;
  /** Whether a change in the namespace could concern the sink at this moment. Default: any could. */
  keeps?(namespace: string): boolean;
}

/** One line of a watch that is not parsed yet. */
export interface UnreadChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly namespace: string;
  readonly name: string;
  /** How long the line is, in characters. */
  readonly length: number;
  readonly read: () => RawObject;
}

/** A full list that arrives page by page. */
export interface ReplaceTransaction {
  add(object: RawObject, at: number): void;
  /**
   * Takes the list as the truth: what is cached in the scope and not in it counts as deleted.
   * @param resourceVersion of the list
   */
  commit(at: number, resourceVersion: string): void;
  /** Gives the list up: it has no effect. */
  abandon(): void;
}
