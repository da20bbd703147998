// Texts that thousands of objects repeat (phases, reasons, container names, owners' uids), kept once.

import { boundedText } from "../bounded-text.ts";

const MOST = 20_000;
const known = new Map<string, string>();

/** The bounded text; equal texts come back as one string, so that a cache of many objects holds it once. */
export function sharedText(text: string): string {
  const same = known.get(text);
  if (same !== undefined) return same;
  // Starting anew costs only some sharing, and keeps a hostile or busy cluster from growing the table for ever.
  if (known.size >= MOST) known.clear();
  const bounded = boundedText(text);
  known.set(bounded, bounded);
  return bounded;
}
