// Where in a document the fields at some paths stand.
import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from "js-yaml";
import type { FieldPath } from "../place.ts";

/** A step on the way to what is looked for. */
interface Branch {
  start: number;
  readonly steps: Map<string, Branch>;
}

/**
 * Offsets into the text whose first document the events are of: where the key of the last step stands, or the element of
 * a list; of a field that is missing, where the nearest one around it stands.
 */
export function startsOf(
  events: readonly Event[],
  text: string,
  paths: readonly FieldPath[],
): readonly number[] {
  const root: Branch = { start: -1, steps: new Map() };
  const ends = paths.map((path) => path.reduce(grow, root));
  new Walk(events, text).fill(root);
  return paths.map((path, index) => {
    let [nearest, branch]: [number, Branch | undefined] = [Math.max(0, root.start), root];
    if (ends[index]?.start !== -1) return ends[index]?.start ?? nearest;
    for (const step of path) {
      branch = branch?.steps.get(String(step));
      if (branch === undefined || branch.start === -1) break;
      nearest = branch.start;
    }
    return nearest;
  });
}

function grow(branch: Branch, step: string | number): Branch {
  const known = branch.steps.get(String(step));
  if (known !== undefined) return known;
  const next: Branch = { start: -1, steps: new Map() };
  branch.steps.set(String(step), next);
  return next;
}

class Walk {
  readonly #events: readonly Event[];
  readonly #text: string;
  /** By name: the event that has the anchor. */
  readonly #anchors = new Map<string, number>();
  #at = 0;

  constructor(events: readonly Event[], text: string) {
    this.#events = events;
    this.#text = text;
  }

  fill(root: Branch): void {
    this.#at = this.#events[0]?.type === EVENT_ID.DOCUMENT ? 1 : 0;
    const first = this.#events[this.#at];
    if (first === undefined || first.type === EVENT_ID.POP) return;
    root.start = startOf(first);
    this.#node(root);
  }

  /** Goes past a node, and notes what of it is looked for. */
  #node(branch: Branch | undefined): void {
    const event = this.#events[this.#at];
    if (event === undefined) return;
    this.#remember(event);
    this.#at += 1;
    if (event.type === EVENT_ID.MAPPING) this.#pairs(branch);
    else if (event.type === EVENT_ID.SEQUENCE) this.#elements(branch);
    else if (event.type === EVENT_ID.ALIAS && branch !== undefined && branch.steps.size > 0) {
      this.#anchored(this.#text.slice(event.anchorStart, event.anchorEnd), branch);
    }
  }

  #pairs(branch: Branch | undefined): void {
    for (let key = this.#next(); key !== undefined; key = this.#next()) {
      const inner =
        branch !== undefined && key.type === EVENT_ID.SCALAR
          ? branch.steps.get(getScalarValue(this.#text, key))
          : undefined;
      if (inner !== undefined) inner.start = startOf(key);
      this.#node(undefined);
      this.#node(inner);
    }
    this.#at += 1;
  }

  #elements(branch: Branch | undefined): void {
    let index = 0;
    for (let item = this.#next(); item !== undefined; item = this.#next()) {
      const inner = branch?.steps.get(String(index));
      const start = startOf(item);
      if (inner !== undefined && start !== -1) inner.start = start;
      this.#node(inner);
      index += 1;
    }
    this.#at += 1;
  }

  /** What an alias stands for is where its anchor is. */
  #anchored(name: string, branch: Branch): void {
    const anchor = this.#anchors.get(name);
    if (anchor === undefined) return;
    const back = this.#at;
    this.#at = anchor;
    this.#node(branch);
    this.#at = back;
  }

  /** The next event of the collection; undefined at its end. */
  #next(): Event | undefined {
    const event = this.#events[this.#at];
    return event?.type === EVENT_ID.POP ? undefined : event;
  }

  #remember(event: Event): void {
    if (event.type === EVENT_ID.ALIAS || !("anchorStart" in event) || event.anchorStart === -1) return;
    this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), this.#at);
  }
}

/** -1 of an element of which nothing is written. */
function startOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) {
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    return isQuoted ? event.valueStart - 1 : event.valueStart;
  }
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  return "start" in event ? event.start : 0;
}
