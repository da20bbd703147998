// Runs every lint rule over the manifests of one input, and leaves out what somebody has said is meant.
import { shortText } from "../domain/plain-text.ts";
import { listOf } from "./annotations.ts";
import type { Field } from "./field.ts";
import {
  isAtLeast,
  type LintFinding,
  type LintOptions,
  type LintRule,
  type Problem,
  SEVERITIES,
  type Severity,
  type SeverityCounts,
} from "./finding.ts";
import { Inventory } from "./inventory.ts";
import type { Manifest } from "./manifest.ts";
import { ORDERED_RULES } from "./ordered-rules.ts";
import { comparePlaces, type Place } from "./place.ts";
import { assignScopes } from "./scopes.ts";

/** On any object: ids of rules whose findings there are meant, or `all`. */
export const IGNORE = "rolloutguard.io/ignore";

export interface LintRequest extends Partial<LintOptions> {
  /** Findings that are less bad are only counted: their places would take time. */
  readonly lowest?: Severity | undefined;
  /** Ids of rules that are not run. */
  readonly ignore?: readonly string[] | undefined;
  /** Of a cluster: the kinds of which every object is among the manifests. */
  readonly complete?: readonly string[] | undefined;
}

export interface LintResult {
  /** By place; the worst first where several stand in one place. */
  readonly findings: readonly LintFinding[];
  /** Of all, wanted or not. */
  readonly counts: SeverityCounts;
  /** How many were left out because of an annotation. */
  readonly suppressed: number;
}

export function lintManifests(manifests: readonly Manifest[], request: LintRequest = {}): LintResult {
  const inventory = new Inventory(assignScopes(manifests), request.complete);
  const options = {
    requiredLabels: request.requiredLabels ?? [],
    requiredEnv: request.requiredEnv ?? [],
    callers: request.callers ?? {},
    kubernetesVersion: request.kubernetesVersion,
  };
  const reported: Reported[] = [];
  const counts = { error: 0, warning: 0, info: 0 };
  let suppressed = 0;
  for (const rule of ORDERED_RULES) {
    if (request.ignore?.includes(rule.id)) continue;
    for (const problem of rule.run(inventory, options)) {
      if (isMeant(problem.manifest, rule.id)) {
        suppressed += 1;
        continue;
      }
      const severity = problem.severity ?? rule.severity;
      counts[severity] += 1;
      if (isAtLeast(severity, request.lowest ?? "info")) reported.push({ rule, severity, problem });
    }
  }
  const places = placesOf(reported.map(({ problem }) => problem.field));
  return { findings: reported.map((one) => findingOf(one, places)).sort(inOrder), counts, suppressed };
}

interface Reported {
  readonly rule: LintRule;
  readonly severity: Severity;
  readonly problem: Problem;
}

function findingOf({ rule, severity, problem }: Reported, places: ReadonlyMap<Field, Place>): LintFinding {
  const { manifest, field, message, fix } = problem;
  return {
    rule: rule.id,
    severity,
    kind: manifest.kind,
    namespace: manifest.namespace,
    name: shown(manifest.name),
    place: places.get(field) ?? { source: field.origin.source },
    message: shown(message),
    fix: shown(fix),
  };
}

/** All places in one text are found together. */
function placesOf(fields: readonly Field[]): ReadonlyMap<Field, Place> {
  const places = new Map<Field, Place>();
  for (const [origin, inOne] of Map.groupBy(fields, (field) => field.origin)) {
    const found = origin.placesOf(inOne.map(({ path }) => path));
    for (const [index, field] of inOne.entries())
      places.set(field, found[index] ?? { source: origin.source });
  }
  return places;
}

/** Bytes of a sentence: names and labels stand in it, which may be anything in a file. */
const LONGEST_SENTENCE = 2_000;

/** On one line, and without what would steer a terminal. */
function shown(text: string): string {
  return shortText(text, LONGEST_SENTENCE).replaceAll(/\s/g, " ");
}

function isMeant(manifest: Manifest, id: string): boolean {
  const meant = listOf(manifest, IGNORE);
  return meant.includes(id) || meant.includes("all");
}

function inOrder(a: LintFinding, b: LintFinding): number {
  return comparePlaces(a.place, b.place) || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}
