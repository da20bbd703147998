// What a check found as data, for programs.
import { stringify } from "yaml";
import { DOCUMENTATION_BASE } from "../../../api/causes.ts";
import type { CheckReport } from "./check-report.ts";

function dataOf({ findings, counts, suppressed, problems, notes, objects }: CheckReport) {
  return {
    findings: findings.map(({ place, ...finding }) => ({
      ...finding,
      ...place,
      documentation: `${DOCUMENTATION_BASE}/checks.md#${finding.check}`,
    })),
    unreadable: problems.map(({ place, message }) => ({ ...place, message })),
    notes,
    counts: { ...counts, suppressed, objects },
  };
}

export function jsonReport(report: CheckReport): string {
  return `${JSON.stringify(dataOf(report), null, 2)}\n`;
}

export function yamlReport(report: CheckReport): string {
  return stringify(dataOf(report), { aliasDuplicateObjects: false });
}
