// Is a rollout given the time that its probes allow a start?
import type { LintRule } from "../finding.ts";
import { probeOf } from "../probes.ts";
import { lastingContainers } from "../workload.ts";

export const progressDeadline: LintRule = {
  id: "progress-deadline",
  severity: "warning",
  meaning: "A rollout counts as failed before its probes give up on a start",
  advice:
    "A Deployment that makes no progress for progressDeadlineSeconds counts as failed, though a slow pod would still become ready. It is checked where the deadline is written.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      const { manifest, title } = workload;
      const deadline = manifest.root.at("spec", "progressDeadlineSeconds");
      if (manifest.kind !== "Deployment" || deadline.number === undefined) continue;
      const minReady = manifest.root.at("spec", "minReadySeconds").number ?? 0;
      for (const container of lastingContainers(workload)) {
        const startup = probeOf(container, "startup");
        const readiness = probeOf(container, "readiness");
        const start = startup
          ? startup.initialDelaySeconds + startup.periodSeconds * startup.failureThreshold
          : 0;
        const allowed = Math.max(start, readiness?.initialDelaySeconds ?? 0) + minReady;
        if (allowed <= deadline.number) continue;
        yield {
          manifest,
          field: deadline,
          message: `A rollout of ${title} counts as failed after ${deadline.number} s without progress, and the probes of container ${container.name} allow a start ${allowed} s.`,
          fix: `Write \`progressDeadlineSeconds: ${Math.ceil((allowed * 1.5) / 60) * 60}\`, or a shorter startupProbe.`,
        };
      }
    }
  },
};
