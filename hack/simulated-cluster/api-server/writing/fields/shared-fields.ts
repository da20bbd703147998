// Sets of fields that many objects share: the pods of a Deployment all have the same ones.
import { type FieldSet, sorted } from "./field-set.ts";

/** A set with its text; the same set is the same object. */
export interface SharedFields {
  readonly set: FieldSet;
  /** The set as the JSON of FieldsV1. */
  readonly text: string;
}

/** How many different sets and texts are kept for sharing before it begins anew. */
const CAPACITY = 5_000;

const sets = new Map<string, SharedFields>();
const texts = new Map<string, string>();

export function shared(set: FieldSet): SharedFields {
  const ordered = sorted(set);
  const text = JSON.stringify(ordered);
  let known = sets.get(text);
  if (known === undefined) {
    if (sets.size >= CAPACITY) sets.clear();
    known = { set: ordered, text };
    sets.set(text, known);
  }
  return known;
}

/** The same text, once in memory. */
export function sharedText(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= CAPACITY) texts.clear();
  texts.set(text, text);
  return text;
}
