// Results as data: JSON, YAML, names, or what a template makes of them.
import { stringify } from "yaml";
import type { Output } from "./output-flag.ts";

/** As JSON or YAML, with a line feed at its end. */
export function dataText(data: unknown, form: "json" | "yaml"): string {
  if (form === "json") return `${JSON.stringify(data, null, 2)}\n`;
  // By way of JSON: what is undefined is not there.
  return stringify(JSON.parse(JSON.stringify(data)), { aliasDuplicateObjects: false, lineWidth: 0 });
}

/** The results as data in the form that is asked for; undefined where that is text for people. */
export async function asData(
  output: Output,
  data: unknown,
  names: readonly string[],
): Promise<string | undefined> {
  switch (output.form) {
    case "text":
    case "wide":
      return undefined;
    case "name":
      return names.map((name) => `${name}\n`).join("");
    case "jsonpath": {
      const { jsonPathText } = await import("./text/json-path.ts");
      return jsonPathText(output.template, data);
    }
    case "json":
    case "yaml":
      return dataText(data, output.form);
  }
}
