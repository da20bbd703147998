// A value inside a manifest that knows where it stands. Reading one never throws, whatever the manifest holds.
import type { FieldPath, Place } from "./place.ts";

export class Field {
  readonly value: unknown;
  readonly path: FieldPath;
  readonly #locate: (path: FieldPath) => Place;

  constructor(value: unknown, locate: (path: FieldPath) => Place, path: FieldPath = []) {
    this.value = value;
    this.path = path;
    this.#locate = locate;
  }

  /** Where it stands; of a field that is missing, where the nearest one around it stands. */
  get place(): Place {
    return this.#locate(this.path);
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
    return new Field(value, this.#locate, [...this.path, ...steps]);
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
