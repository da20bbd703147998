// The forms in which commands answer: text, more text, or data.
import { type Command, Option } from "commander";
import { stringify } from "yaml";

const OUTPUTS = ["wide", "json", "yaml"] as const;
export type Output = (typeof OUTPUTS)[number];

export function withOutputOption(command: Command): Command {
  return command.addOption(new Option("-o, --output <FORM>", "wide, json or yaml").choices(OUTPUTS));
}

/** As JSON or YAML, with a line feed at its end. */
export function dataText(data: unknown, form: "json" | "yaml"): string {
  if (form === "json") return `${JSON.stringify(data, null, 2)}\n`;
  // By way of JSON: what is undefined is not there.
  return stringify(JSON.parse(JSON.stringify(data)), { aliasDuplicateObjects: false, lineWidth: 0 });
}
