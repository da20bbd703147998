// What lint found, ready to be shown in any form.
import { type LintFinding, SEVERITIES, type SeverityCounts } from "../../../manifests/finding.ts";
import type { ReadProblem } from "../../../manifests/parse-manifests.ts";

export interface LintReport {
  /** Those that are to be shown. */
  readonly findings: readonly LintFinding[];
  /** Of all, shown or not. */
  readonly counts: SeverityCounts;
  /** Left out because an annotation says so. */
  readonly suppressed: number;
  readonly problems: readonly ReadProblem[];
  readonly notes: readonly string[];
  /** Objects that were linted. */
  readonly objects: number;
}

/** "3 errors, 1 warning and 4 infos". */
export function countsText(counts: LintReport["counts"]): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => `${counts[severity]} ${severity}${counts[severity] === 1 ? "" : "s"}`,
  );
  return parts.join(", ") || "no findings";
}
