// What lint found as data, for programs.
import { stringify } from "yaml";
import type { LintReport } from "./lint-report.ts";
import { ruleLink } from "./rule-link.ts";

function dataOf({ findings, counts, suppressed, problems, notes, objects }: LintReport) {
  return {
    findings: findings.map(({ place, ...finding }) => ({
      ...finding,
      ...place,
      documentation: ruleLink(finding.rule),
    })),
    unreadable: problems.map(({ place, message }) => ({ ...place, message })),
    notes,
    counts: { ...counts, suppressed, objects },
  };
}

export function jsonReport(report: LintReport): string {
  return `${JSON.stringify(dataOf(report), null, 2)}\n`;
}

export function yamlReport(report: LintReport): string {
  return stringify(dataOf(report), { aliasDuplicateObjects: false });
}
