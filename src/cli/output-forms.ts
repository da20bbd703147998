// The forms in which commands answer: text, more text, or data.
import { stringify } from "yaml";
import { oneOf } from "./flags.ts";

export const OUTPUT_FLAG = oneOf("-o, --output <FORM>", "wide, json or yaml", ["wide", "json", "yaml"]);

/** As JSON or YAML, with a line feed at its end. */
export function dataText(data: unknown, form: "json" | "yaml"): string {
  if (form === "json") return `${JSON.stringify(data, null, 2)}\n`;
  // By way of JSON: what is undefined is not there.
  return stringify(JSON.parse(JSON.stringify(data)), { aliasDuplicateObjects: false, lineWidth: 0 });
}
