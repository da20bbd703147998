// Is a container killed for what should only take it out of the Service for a while?
import type { LintRule } from "../finding.ts";
import { probeOf, questionOf } from "../probes.ts";
import { lastingContainers } from "../workload.ts";

export const livenessEqualsReadiness: LintRule = {
  id: "liveness-equals-readiness",
  severity: "warning",
  meaning: "Liveness asks what readiness asks and gives up as early: a pod that is busy gets killed",
  advice:
    "Readiness takes a pod out of the Service for a while, liveness restarts it. When both ask the same and liveness is not more patient, load or a slow dependency restarts all pods together.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of lastingContainers(workload)) {
        const [liveness, readiness] = [probeOf(container, "liveness"), probeOf(container, "readiness")];
        if (!liveness || !readiness || questionOf(liveness) !== questionOf(readiness)) continue;
        const patience = ({ periodSeconds, failureThreshold }: typeof liveness) =>
          periodSeconds * failureThreshold;
        if (patience(liveness) > patience(readiness)) continue;
        yield {
          manifest: workload.manifest,
          field: liveness.field,
          message: `The liveness probe of container ${container.name} in ${workload.title} asks what its readiness probe asks, and gives up after ${patience(liveness)} s, no later: what should only stop traffic restarts the container.`,
          fix: `Ask something that fails only when a restart helps, or write a larger \`failureThreshold\` than ${liveness.failureThreshold}.`,
        };
      }
    }
  },
};
