// Is there a node left for the new pod when pods of one workload never share one?
import type { LintRule } from "../../finding.ts";
import { selects } from "../../label-selector.ts";
import { needsRoomForSurge, rolloutPlanOf } from "../../rollout-plan.ts";
import type { Workload } from "../../workload.ts";

export const antiAffinity: LintRule = {
  id: "anti-affinity",
  severity: "warning",
  meaning: "Pods that must not share a node are rolled out so that the new ones need nodes of their own",
  advice:
    "A required podAntiAffinity on a workload's own labels counts old and new pods alike. A rolling update that keeps every old pod until a new one is ready then needs one node, or zone, more than there are replicas.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const plan = rolloutPlanOf(workload, inventory);
      const term = termAgainstItself(workload);
      if (plan === undefined || term === undefined || !needsRoomForSurge(plan)) continue;
      const { manifest, title } = workload;
      const key = term.at("topologyKey").text ?? "";
      const place = key.endsWith("/hostname") ? "node" : key.endsWith("/zone") ? "zone" : `value of ${key}`;
      yield {
        manifest,
        field: term,
        message: `Pods of ${title} must not share a ${place}, and a rollout keeps every old pod until a new one is ready: without a ${place} more than its ${plan.replicas} ${plan.replicas === 1 ? "replica" : "replicas"} the new pod stays Pending.`,
        fix: "Write `maxUnavailable: 1` into strategy.rollingUpdate, or use preferredDuringSchedulingIgnoredDuringExecution.",
      };
    }
  },
};

function termAgainstItself({ template, labels }: Workload) {
  return template
    .at("spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    .items()
    .find(
      (term) =>
        term.at("labelSelector").isThere &&
        // With the hash of the template among the keys, old and new pods are apart.
        !term.at("matchLabelKeys").isThere &&
        !term.at("mismatchLabelKeys").isThere &&
        selects(term.at("labelSelector"), labels),
    );
}
