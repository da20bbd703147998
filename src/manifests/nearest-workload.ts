// Which workload a Service means that selects none.
import { type Labels, missingLabels } from "../domain/labels.ts";
import { nearest } from "../domain/nearest.ts";
import type { Service } from "./service.ts";
import { canBeSlip } from "./slip.ts";
import type { Workload } from "./workload.ts";

/** A workload that a Service probably means, and does not select. */
export interface NearMiss {
  readonly workload: Workload;
  /** The labels of the selector that the pods do not have. */
  readonly missing: readonly string[];
}

/** Labels that charts give to everything alike: having them in common says nothing. */
const SHARED =
  /(^|[./-])(instance|release|heritage|managed-by|part-of|chart|version|environment|env|team|owner)$/;
/** The one that lacks the fewest labels; undefined when none is near. */
export function nearestMiss(service: Service, workloads: readonly Workload[]): NearMiss | undefined {
  const misses = workloads
    .filter(({ isBatch }) => !isBatch)
    .map((workload) => missOf(service, workload))
    .filter((miss) => miss !== undefined);
  return misses.sort((a, b) => a.missing.length - b.missing.length)[0];
}

function missOf(service: Service, workload: Workload): NearMiss | undefined {
  const hasName = workload.manifest.name === service.manifest.name;
  const pairs = Object.entries(service.selector);
  if (!hasName && !pairs.some((pair) => isAlike(pair, workload.labels))) return undefined;
  const missing = Object.keys(missingLabels(workload.labels, service.selector));
  const telling = pairs.filter(([key]) => !SHARED.test(key) && !missing.includes(key));
  const isSlip = missing.every((key) => isSlipOf(service.selector[key], workload.labels[key]));
  // Half of the labels must fit, or all of them nearly; a name in common will do where nothing else fits.
  const isNear = telling.length > 0 && missing.length <= telling.length;
  return isNear || isSlip || hasName ? { workload, missing } : undefined;
}

/** Whether the labels can have the pair, or a slip of it: most of thousands of workloads have neither. */
function isAlike([key, wanted]: readonly [string, string], labels: Labels): boolean {
  const value = labels[key];
  return value !== undefined && canBeSlip(wanted, value);
}

/** Whether one word was probably meant to be the other. */
function isSlipOf(wanted: string | undefined, there: string | undefined): boolean {
  if (wanted === undefined || there === undefined || Math.min(wanted.length, there.length) < 4) return false;
  return nearest(wanted, [there]) !== undefined && !/\d/.test(wanted + there);
}
