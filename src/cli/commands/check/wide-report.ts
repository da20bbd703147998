// What a check found, one line a finding, for grep and for editors.
import { placeText } from "../../../manifests/place.ts";
import { type CheckReport, countsText } from "./check-report.ts";

export function wideReport({ findings, problems, counts }: CheckReport): string {
  const rows = findings.map(({ place, severity, check, namespace, kind, name, message, fix }) => [
    placeText(place),
    severity,
    check,
    `${namespace ? `${namespace}/` : ""}${kind}/${name}`,
    `${message} ${fix}`,
  ]);
  const lines = aligned([["PLACE", "SEVERITY", "CHECK", "OBJECT", "MESSAGE"], ...rows]);
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
