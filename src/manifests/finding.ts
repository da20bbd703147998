// What a lint rule is, and what it reports.
import type { Field } from "./field.ts";
import type { Inventory } from "./inventory.ts";
import type { Manifest } from "./manifest.ts";
import type { Place } from "./place.ts";

/** error: it will not work, or not as meant; warning: it will hurt one day; info: worth knowing. */
export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What somebody wants to hold beyond what can be seen from the manifests. */
export interface LintOptions {
  /** Labels that every pod template must have. */
  readonly requiredLabels: readonly string[];
  /** Variables that a container of every workload must be given. */
  readonly requiredEnv: readonly string[];
  /** Who calls a Service, by its name; written as in the annotation `rolloutguard.io/callers`. */
  readonly callers: Readonly<Record<string, string>>;
  /** Such as "1.36"; the newest that is known when it is left out. */
  readonly kubernetesVersion?: string | undefined;
}

/** One fault, as a rule reports it. */
export interface Problem {
  /** The object that is to be changed. */
  readonly manifest: Manifest;
  /** Where in it. */
  readonly field: Field;
  /** What is wrong, in one sentence that names the thing. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  /** When it is not that of the rule. */
  readonly severity?: Severity | undefined;
}

export interface LintRule {
  /** In kebab-case; it stands in reports, in flags and annotations, and is the anchor in docs/lint-rules.md. */
  readonly id: string;
  readonly severity: Severity;
  /** One line. */
  readonly meaning: string;
  /** For its page: how it is judged, why it matters, what to do. A few sentences. */
  readonly advice: string;
  readonly run: (inventory: Inventory, options: LintOptions) => Iterable<Problem>;
}

/** One fault, as it is reported. */
export interface LintFinding {
  /** The id of the rule. */
  readonly rule: string;
  readonly severity: Severity;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly place: Place;
  readonly message: string;
  readonly fix: string;
}

/** How many findings there are of each severity. */
export type SeverityCounts = Readonly<Record<Severity, number>>;

export function countOf(findings: readonly { readonly severity: Severity }[]): SeverityCounts {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Whether the first is as bad as the second, or worse. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit);
}
