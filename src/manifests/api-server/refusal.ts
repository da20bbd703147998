// What the API server would refuse, in its own words.
import type { Field } from "../field.ts";

export interface Refusal {
  /** Where the fault stands; it names the path in the sentence. */
  readonly field: Field;
  /** Such as `Not found: "data"`. */
  readonly says: string;
  readonly fix: string;
}

/** A path as the API server writes it: spec.containers[0].name. */
export function pathText({ path }: Field): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (/[./]/.test(step)) return `[${step}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** What other tools put in before it is applied; {{name}} without quotes reads as an object. */
export function isPlaceholder({ value }: Field): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value)[0]?.startsWith("{ ") === true;
  return typeof value === "string" && /\$[({]|\{\{|^<.*>$|^\$[A-Z_]+$/.test(value);
}
