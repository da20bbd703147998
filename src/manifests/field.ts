// A value inside a manifest that knows where it stands. Reading one never throws, whatever the manifest holds.
import type { FieldPath, Place } from "./place.ts";

/** The text or the cluster that a value is from. */
export interface Origin {
  /** The file as it was named, "stdin", or "cluster". */
  readonly source: string;
  /** Where the fields stand; of one that is missing, where the nearest one around it stands. It costs as much as reading the text. */
  placesOf(paths: readonly FieldPath[]): readonly Place[];
}

export class Field {
  readonly value: unknown;
  readonly origin: Origin;
  readonly #parent: Field | undefined;
  readonly #steps: FieldPath;

  constructor(value: unknown, origin: Origin, parent?: Field, steps: FieldPath = []) {
    this.value = value;
    this.origin = origin;
    this.#parent = parent;
    this.#steps = steps;
  }

  /** Rules go through many more fields than they report. */
  get path(): FieldPath {
    return this.#parent === undefined ? this.#steps : [...this.#parent.path, ...this.#steps];
  }

  /** For a sentence; the places of many fields are found together (`placesOf`). */
  get place(): Place {
    const { source } = this.origin;
    return this.origin.placesOf([this.path])[0] ?? { source };
  }

  get isThere(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get text(): string | undefined {
    return typeof this.value === "string" ? this.value : undefined;
  }

  get number(): number | undefined {
    return typeof this.value === "number" && Number.isFinite(this.value) ? this.value : undefined;
  }

  /** A text, a number or a truth value as sentences show it; empty for anything else. */
  get shown(): string {
    const { value } = this;
    return ["string", "number", "boolean"].includes(typeof value) ? String(value as string) : "";
  }

  /** The field below, which may be missing. */
  at(...steps: FieldPath): Field {
    let value = this.value;
    for (const step of steps) value = childOf(value, step);
    return new Field(value, this.origin, this, steps);
  }

  /** The elements of a list; none when it is no list. */
  items(): readonly Field[] {
    return Array.isArray(this.value) ? this.value.map((_, index) => this.at(index)) : [];
  }

  /** The keys of an object with their fields; none when it is no object. */
  entries(): readonly (readonly [string, Field])[] {
    return isRecord(this.value) ? Object.keys(this.value).map((key) => [key, this.at(key)] as const) : [];
  }

  /** The entries whose values are texts, such as labels. */
  texts(): Readonly<Record<string, string>> {
    const texts: Record<string, string> = Object.create(null);
    for (const [key, field] of this.entries()) if (field.text !== undefined) texts[key] = field.text;
    return texts;
  }
}

function childOf(value: unknown, step: string | number): unknown {
  if (typeof step === "number") return Array.isArray(value) ? value[step] : undefined;
  return isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
