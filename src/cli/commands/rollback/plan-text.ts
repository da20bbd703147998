// A planned rollback as a person reads it before saying yes.
import { nameRevision } from "../../../domain/history/revisions.ts";
import { painter, type Terminal } from "../../terminal.ts";
import { paragraph, shown } from "../../text/paragraph.ts";
import { imageOf, type ManualPlan } from "./rollback-plan.ts";

export function planText(name: string, namespace: string, plan: ManualPlan, terminal: Terminal): string {
  const paint = painter(terminal);
  const { from, to, changes, warnings } = plan;
  const lines = [
    paint("bold", `Deployment ${name} in namespace ${namespace}`),
    `  from ${nameRevision(from)}: ${imageOf(from)}`,
    `  to   ${nameRevision(to)}: ${imageOf(to)}`,
    changes.length === 0
      ? "The two pod templates do not differ in what is compared."
      : "The rollback changes:",
    ...changes.map((change) => `  ${planned(change)}`),
  ];
  return [
    ...lines.map((line) => `${shown(line)}\n`),
    ...warnings.map((warning) => paint("yellow", paragraph(`Warning: ${warning}`, terminal))),
  ].join("");
}

/** Changes are recorded in the past tense; this one is still to come. */
function planned(change: string): string {
  return change.replace(/ was (added|removed)\b/, " is $1");
}
