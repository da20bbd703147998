// Runs every static check over the manifests of one input, and leaves out what somebody has said is meant.
import { shortText } from "../domain/plain-text.ts";
import { listOf } from "./annotations.ts";
import { type CheckFinding, type CheckOptions, SEVERITIES } from "./finding.ts";
import { Inventory } from "./inventory.ts";
import type { Manifest } from "./manifest.ts";
import { ORDERED_CHECKS } from "./ordered-checks.ts";
import { comparePlaces } from "./place.ts";
import { assignScopes } from "./scopes.ts";

/** On any object: ids of checks whose findings there are meant, or `all`. */
export const IGNORE = "rolloutguard.io/ignore";

export interface CheckRequest extends Partial<CheckOptions> {
  /** Ids of checks that are not run. */
  readonly ignore?: readonly string[] | undefined;
  /** Of a cluster: the kinds of which every object is among the manifests. */
  readonly complete?: readonly string[] | undefined;
}

export interface CheckResult {
  /** By place; the worst first where several stand in one place. */
  readonly findings: readonly CheckFinding[];
  /** How many were left out because of an annotation. */
  readonly suppressed: number;
}

export function checkManifests(manifests: readonly Manifest[], request: CheckRequest = {}): CheckResult {
  const inventory = new Inventory(assignScopes(manifests), request.complete);
  const options = {
    requiredLabels: request.requiredLabels ?? [],
    requiredEnv: request.requiredEnv ?? [],
    callers: request.callers ?? {},
    kubernetesVersion: request.kubernetesVersion,
  };
  const findings: CheckFinding[] = [];
  let suppressed = 0;
  for (const check of ORDERED_CHECKS) {
    if (request.ignore?.includes(check.id)) continue;
    for (const { manifest, field, message, fix, severity } of check.run(inventory, options)) {
      if (isMeant(manifest, check.id)) {
        suppressed += 1;
        continue;
      }
      const { kind, namespace, name } = manifest;
      const place = field.place;
      findings.push({
        check: check.id,
        severity: severity ?? check.severity,
        kind,
        namespace,
        name: shown(name),
        place,
        message: shown(message),
        fix: shown(fix),
      });
    }
  }
  return { findings: findings.sort(inOrder), suppressed };
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

function inOrder(a: CheckFinding, b: CheckFinding): number {
  return comparePlaces(a.place, b.place) || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}
