// Parts of views that many objects have in common (the settings of a container, labels, checks), kept once.
import { identityOf } from "./canonical-json.ts";
import { deepFreeze } from "./deep-freeze.ts";

const MOST = 20_000;
const known = new Map<string, unknown>();

/**
 * What `project` makes of `raw`, frozen; equal raw values of the same kind of part come back as one view, so that a
 * cache of many objects holds it once. `project` must depend on nothing but `raw`.
 */
export function sharedPart<Part>(kind: string, raw: unknown, project: () => Part): Part {
  const key = `${kind} ${identityOf(raw)}`;
  const same = known.get(key);
  if (same !== undefined) return same as Part;
  // As with shared texts: starting anew costs only some sharing.
  if (known.size >= MOST) known.clear();
  const part = deepFreeze(project());
  known.set(key, part);
  return part;
}
