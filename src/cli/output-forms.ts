// The forms in which commands answer: text, more text, or data.
import { Option } from "commander";
import { stringify } from "yaml";
import { UsageError } from "./exit-codes.ts";
import type { Flag } from "./flags.ts";

/** How results are written; text is for people. */
export type Output =
  | { readonly form: "text" | "wide" | "json" | "yaml" | "name" }
  | { readonly form: "jsonpath"; readonly template: string };

const FORMS = ["wide", "json", "yaml", "name", "jsonpath="] as const;
const SHORT = FORMS.slice(0, -1);

/** -o of commands that show objects. */
export const OUTPUT_FLAG: Flag<Output> = { option: outputOption(), read: outputOf };

function outputOption(): Option {
  const option = new Option("-o, --output <FORM>", "wide, json, yaml, name, or jsonpath=TEMPLATE");
  // For completion; commander's own choices would refuse the template.
  option.argChoices = [...FORMS];
  return option;
}

function outputOf(given: unknown): Output {
  if (typeof given !== "string") return { form: "text" };
  const [, template] = /^jsonpath=(.+)$/s.exec(given) ?? [];
  if (template !== undefined) return { form: "jsonpath", template };
  const form = SHORT.find((one) => one === given);
  if (form === undefined || form === "jsonpath=") {
    throw new UsageError(`-o ${given}: write wide, json, yaml, name, or jsonpath='{.metadata.name}'`);
  }
  return { form };
}

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
