// What the next release leaves behind after a rollback where nothing can be handed over, and what helps. Pure.

import type { RevisionView } from "../snapshot/revision.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { onlyIn } from "./only-in.ts";

const MOST_NAMED = 5;

/**
 * What people have to do before the next release, in sentences. Helm's client-side upgrade compares with the release that it
 * stored last, and takes away only what that one had: what the rollback brought back is unknown to it. Undefined where another
 * way of shipping cleans up, or there is nothing to clean up.
 */
export function leftBehindAdvice(
  { helmRelease }: WorkloadView,
  restored: RevisionView,
  failed: RevisionView | undefined,
): string | undefined {
  const left = failed && helmRelease ? onlyIn(restored, failed) : [];
  if (helmRelease === undefined || left.length === 0) return undefined;
  const { name, namespace, isByFlux } = helmRelease;
  const named = left.slice(0, MOST_NAMED).join(", ");
  const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : "";
  const what = `${named}${more}`;
  return isByFlux
    ? `Helm does not know about the rollback: after the next release, manually remove what stays behind: ${what}.`
    : `Helm does not know about the rollback: before the next helm upgrade, run helm rollback ${name} --namespace ${namespace}. Otherwise these stay behind: ${what}.`;
}
