// `lint --list`: every lint rule in a line.
import { stringify } from "yaml";
import { ORDERED_RULES } from "../../../manifests/ordered-rules.ts";
import type { Terminal } from "../../terminal.ts";
import { type Column, tableText } from "../../text/table.ts";
import type { Output } from "./lint-flags.ts";
import { ruleLink } from "./rule-link.ts";

type Rule = (typeof ORDERED_RULES)[number];

const COLUMNS: readonly Column<Rule>[] = [
  { title: "RULE", of: ({ id }) => id },
  { title: "SEVERITY", of: ({ severity }) => severity },
  { title: "MEANING", of: ({ meaning }) => meaning, isSpare: true },
];

/** The rules as a table, or as data with what they advise. */
export function ruleList(output: Output | undefined, look: Pick<Terminal, "isWatched" | "columns">): string {
  const rules = ORDERED_RULES.map(({ id, severity, meaning, advice }) => ({
    id,
    severity,
    meaning,
    advice,
    documentation: ruleLink(id),
  }));
  if (output === "json") return `${JSON.stringify({ rules }, null, 2)}\n`;
  if (output === "yaml") return stringify({ rules });
  return tableText(COLUMNS, ORDERED_RULES, output === "wide" ? { ...look, isWatched: false } : look);
}
