// A document of a YAML stream: its value, and the places of fields when somebody asks for them.
import { constructFromEvents, EVENT_ID, type Event, parseEvents } from "js-yaml";
import type { FieldPath, Place } from "../place.ts";
import { KUBECTL_SCHEMA } from "./kubectl-schema.ts";
import type { DocumentText } from "./split-documents.ts";
import { startsOf } from "./starts.ts";

/** Values in what aliases unfold; nothing that people write comes near. */
const LARGEST = 1_000_000;

export class YamlDocument {
  readonly source: string;
  readonly #text: string;
  readonly #line: number;

  constructor({ text, line }: DocumentText, source: string) {
    this.#text = text;
    this.#line = line;
    this.source = source;
  }

  /** The plain value; undefined when there is none. Throws what js-yaml throws. */
  read(): unknown {
    const events = this.#events();
    const [value] = constructFromEvents(events, { source: this.#text, schema: KUBECTL_SCHEMA });
    if (events.some(({ type }) => type === EVENT_ID.ALIAS)) refuseEndless(value);
    return value;
  }

  /** The document is parsed for them again: most fields are never asked for their place. */
  placesOf(paths: readonly FieldPath[]): readonly Place[] {
    return startsOf(this.#events(), this.#text, paths).map((offset) => this.placeAt(offset));
  }

  placeAt(offset: number): Place {
    const before = this.#text.slice(0, offset);
    return {
      source: this.source,
      line: this.#line + (before.match(/\n/g)?.length ?? 0),
      column: offset - before.lastIndexOf("\n"),
    };
  }

  #events(): Event[] {
    return parseEvents(this.#text, {});
  }
}

function refuseEndless(value: unknown): void {
  const open: unknown[] = [value];
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen > LARGEST) throw new Error("its aliases unfold without end");
    const one = open.pop();
    if (typeof one === "object" && one !== null) for (const inner of Object.values(one)) open.push(inner);
  }
}
