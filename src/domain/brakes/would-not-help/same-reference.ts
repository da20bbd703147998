// The good revision needs the Secret or ConfigMap that is missing, too. Pure.
import { nameRevision } from "../../history/revisions.ts";
import type { Rollout } from "../../rollout/rollout.ts";
import type { RevisionView } from "../../snapshot/revision.ts";
import type { Objection } from "./objection.ts";

/** `secret "x" not found`, `couldn't find key K in Secret NS/x`. */
const MISSING =
  /\b(secret|configmap|persistentvolumeclaim) "([^"]+)" not found|couldn't find key \S+ in (Secret|ConfigMap) [^/\s]*\/(\S+)/i;
const KINDS: Readonly<Record<string, string>> = {
  secret: "Secret",
  configmap: "ConfigMap",
  persistentvolumeclaim: "PersistentVolumeClaim",
};

const REASONS = new Set(["ContainerConfigError", "Unschedulable", "ProgressDeadlineExceeded"]);

export const sameReference: Objection = (rollout, headline, target) => {
  if (!REASONS.has(headline.reason) || !needsNewPods(rollout, target)) return undefined;
  for (const line of [headline.message, ...headline.evidence]) {
    const match = MISSING.exec(line);
    if (!match) continue;
    const reference = `${KINDS[(match[1] ?? match[3] ?? "").toLowerCase()]}/${match[2] ?? match[4]}`;
    const isKey = match[4] !== undefined;
    if (!isKey && target.template.references.includes(reference)) {
      return `${nameRevision(target)} also needs ${reference}, which does not exist.`;
    }
  }
  return undefined;
};

/**
 * Whether going back takes new pods of the old revision, which start as any others do: pods of it that still run keep what
 * they were started with, and prove nothing about the next ones.
 */
export function needsNewPods({ workload }: Pick<Rollout, "workload">, target: RevisionView): boolean {
  return target.availableReplicas < workload.desiredReplicas;
}
