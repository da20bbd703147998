// Would Kubernetes restart an application that hangs?
import type { LintRule } from "../finding.ts";
import { probeOf } from "../probes.ts";

export const missingLivenessProbe: LintRule = {
  id: "missing-liveness-probe",
  severity: "info",
  meaning: "A container that serves has no liveness probe: if it hangs, it is not restarted",
  advice: "Only worth having where a restart helps. A wrong one does more harm than none.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      if (workload.isBatch || workload.manifest.kind === "Pod") continue;
      for (const container of workload.containers) {
        if (container.role !== "main" || container.ports.length === 0) continue;
        if (probeOf(container, "liveness")) continue;
        yield {
          manifest: workload.manifest,
          field: container.field,
          message: `Container ${container.name} of ${workload.title} has no liveness probe: when it hangs, it is not restarted.`,
          fix: "Add a livenessProbe that asks whether the process still answers, more patient than the readinessProbe, when the application can hang.",
        };
      }
    }
  },
};
