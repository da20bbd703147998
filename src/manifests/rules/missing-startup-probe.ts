// Is a slow start safe from the liveness probe?
import type { LintRule } from "../finding.ts";
import { killsAfter, probeOf } from "../probes.ts";
import { lastingContainers } from "../workload.ts";

/** A start that migrates data or warms up can take as long. */
const SLOW_START = 90;

export const missingStartupProbe: LintRule = {
  id: "missing-startup-probe",
  severity: "info",
  meaning: "A liveness probe without a startupProbe kills a container whose start is slow",
  advice: `A start that migrates data or warms up can take longer than usual; the liveness probe then keeps restarting the container before it is done. It is information where the liveness probe can kill within ${SLOW_START} s of the start.`,
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of lastingContainers(workload)) {
        const liveness = probeOf(container, "liveness");
        if (liveness === undefined || probeOf(container, "startup") || killsAfter(liveness) >= SLOW_START)
          continue;
        yield {
          manifest: workload.manifest,
          field: liveness.field,
          message: `The liveness probe kills container ${container.name} in ${workload.title} when its start takes longer than ${killsAfter(liveness)} s.`,
          fix: "Add a startupProbe that allows for the slowest start.",
        };
      }
    }
  },
};
