// The report on one guard from one read of the cluster, by the operator's own rules.
import { isOpen } from "../../../api/incident.ts";
import { decide } from "../../../domain/decide.ts";
import type { Snapshot } from "../../../domain/snapshot/snapshot.ts";
import type { FilledCaches } from "../../../kube/filled-caches.ts";
import { observe } from "../../../kube/observe.ts";
import type { ReconcileKey } from "../../../kube/reconcile-key.ts";
import { guardReport } from "../../../reports/guard-report.ts";
import type { GuardReport } from "../../../reports/report-types.ts";
import { cleaned } from "../../../reports/text/clean-texts.ts";

/** Undefined when there is no such guard. */
export function observedGuard(
  { caches, at }: Pick<FilledCaches, "caches" | "at">,
  key: ReconcileKey,
): GuardReport | undefined {
  const first = observe(caches, key, { observeOnly: false });
  if (first === undefined) return undefined;
  const observeOnly = operatorOnlyObserves(first);
  const snapshot = { ...first, surroundings: { ...first.surroundings, observeOnly } };
  const report = guardReport(snapshot, decide(snapshot, at), at);
  // A spec that is wrong in another field still names its target.
  return { ...report, target: report.target || cleaned(caches.contents.guard(key)?.target.name ?? "") };
}

/** Its flag cannot be seen; that it holds back although the guard does not ask for it can. */
function operatorOnlyObserves({ guard, incidents }: Snapshot): boolean {
  if (!("valid" in guard.spec) || guard.spec.valid.mode === "Observe") return false;
  return incidents.some((incident) => isOpen(incident) && incident.status?.brake?.reason === "ObserveMode");
}
