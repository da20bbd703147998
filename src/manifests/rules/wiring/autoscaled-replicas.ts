// Who sets the number of replicas?
import type { LintRule } from "../../finding.ts";
import { titleOf } from "../../manifest.ts";
import { autoscalerOf } from "../../rollout-plan.ts";

export const autoscaledReplicas: LintRule = {
  id: "autoscaled-replicas",
  severity: "warning",
  meaning: "A workload has replicas beside an autoscaler: each apply sets the number back",
  advice:
    "Every `kubectl apply` writes spec.replicas over what the autoscaler has chosen, so that a release under load removes pods. Kubernetes' documentation says to leave the field out.",
  *run(inventory) {
    if (inventory.isLive) return;
    for (const { manifest, title } of inventory.workloads) {
      const replicas = manifest.root.at("spec", "replicas");
      const scaler = replicas.isThere ? autoscalerOf(manifest, inventory) : undefined;
      if (scaler === undefined) continue;
      yield {
        manifest,
        field: replicas,
        message: `${title} has ${replicas.shown} replicas, and ${titleOf(scaler)} scales it: each apply sets the number back, whatever the load.`,
        fix: "Take `replicas` out.",
      };
    }
  },
};
