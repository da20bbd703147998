// The outcomes as a table for a reader, and the faults below it. Pure.
import type { Outcome } from "./outcome.ts";

const COLUMNS = ["scenario", "wanted", "got", "detected after", "recovered after"] as const;

export interface TableLine {
  readonly text: string;
  readonly verdict: "head" | "ok" | "wrong";
}

/** A line for the head and one for each outcome, columns aligned; the last word says whether it is right. */
export function outcomeTable(outcomes: readonly Outcome[]): readonly TableLine[] {
  const rows = outcomes.map(({ scenario, wanted, got, secondsToDetect, secondsToRecover }) => [
    scenario,
    wanted,
    got,
    seconds(secondsToDetect),
    seconds(secondsToRecover),
  ]);
  const widths = COLUMNS.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column < 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  return [
    { text: line(COLUMNS), verdict: "head" },
    ...outcomes.map(({ faults }, index): TableLine => {
      const isRight = faults.length === 0;
      return {
        text: `${line(rows[index] ?? [])}  ${isRight ? "✓ ok" : "✗ wrong"}`,
        verdict: isRight ? "ok" : "wrong",
      };
    }),
  ];
}

function seconds(amount: number | undefined): string {
  return amount === undefined ? "–" : `${amount} s`;
}
