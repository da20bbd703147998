// -o of commands that show objects, apart from what writes the forms.
import { Option } from "commander";
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
