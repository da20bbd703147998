// What lint found, one line a finding, for grep and for editors.
import { placeText } from "../../../manifests/place.ts";
import { countsText, type LintReport } from "./lint-report.ts";

export function wideReport({ findings, problems, counts }: LintReport): string {
  const rows = findings.map(({ place, severity, rule, namespace, kind, name, message, fix }) => [
    placeText(place),
    severity,
    rule,
    `${namespace ? `${namespace}/` : ""}${kind}/${name}`,
    `${message} ${fix}`,
  ]);
  const lines = aligned([["PLACE", "SEVERITY", "RULE", "OBJECT", "MESSAGE"], ...rows]);
  const unread = problems.map(({ place, message }) => `${placeText(place)}: ${message}`);
  return [...(rows.length > 0 ? lines : [countsText(counts)]), ...unread, ""].join("\n");
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("   "),
  );
}
