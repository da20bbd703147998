// What lint found, ready to be shown in any form.
import { isAtLeast, type LintFinding, SEVERITIES, type Severity } from "../../../manifests/finding.ts";
import type { ReadProblem } from "../../../manifests/parse-manifests.ts";

export interface LintReport {
  /** Those that are to be shown. */
  readonly findings: readonly LintFinding[];
  /** Of all, shown or not. */
  readonly counts: Readonly<Record<Severity, number>>;
  /** Left out because an annotation says so. */
  readonly suppressed: number;
  readonly problems: readonly ReadProblem[];
  readonly notes: readonly string[];
  /** Objects that were linted. */
  readonly objects: number;
}

/** Keeps what is as bad as `lowest`, or worse. */
export function reportOf(
  all: readonly LintFinding[],
  lowest: Severity,
  rest: Omit<LintReport, "findings" | "counts">,
): LintReport {
  return {
    ...rest,
    findings: all.filter(({ severity }) => isAtLeast(severity, lowest)),
    counts: countOf(all),
  };
}

function countOf(findings: readonly LintFinding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 };
  for (const severity of SEVERITIES) {
    counts[severity] = findings.filter((finding) => finding.severity === severity).length;
  }
  return counts;
}

/** "3 errors, 1 warning and 4 infos". */
export function countsText(counts: LintReport["counts"]): string {
  const parts = SEVERITIES.filter((severity) => counts[severity] > 0).map(
    (severity) => `${counts[severity]} ${severity}${counts[severity] === 1 ? "" : "s"}`,
  );
  return parts.join(", ") || "no findings";
}
