// Are probes patient enough for an application that is still starting?
import type { StaticCheck } from "../finding.ts";
import { type Probe, probeOf } from "../probes.ts";
import { lastingContainers } from "../workload.ts";

/** Seconds that a start should be given before a container is killed for not answering. */
const SHORTEST_START = 15;
/** A first question within so many seconds of a delay that somebody chose is likely to fail. */
const SHORTEST_DELAY = 5;

export const probeTiming: StaticCheck = {
  id: "probe-timing",
  severity: "warning",
  meaning: "A probe is impatient: a slow start fails it, or gets the container killed",
  advice:
    "A liveness probe without startup probe that can kill within 15 s of the start will do so on a slow day. A readiness delay below 5 s, when somebody chose it, is mentioned: it does no harm by itself.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of lastingContainers(workload)) {
        if (probeOf(container, "startup")) continue;
        const where = `container ${container.name} in ${workload.title}`;
        const liveness = probeOf(container, "liveness");
        if (liveness && killsAfter(liveness) < SHORTEST_START) {
          yield {
            manifest: workload.manifest,
            field: liveness.field,
            message: `The liveness probe kills ${where} ${killsAfter(liveness)} s after it began to start, when it does not answer yet.`,
            fix: "Add a startupProbe that allows for the slowest start, or write a larger `failureThreshold`.",
          };
        }
        const readiness = probeOf(container, "readiness");
        const delay = readiness?.field.at("initialDelaySeconds");
        if (readiness && delay?.number && delay.number < SHORTEST_DELAY) {
          yield {
            manifest: workload.manifest,
            field: delay,
            severity: "info",
            message: `The readiness probe of ${where} first asks after ${delay.number} s: a start that takes longer is told as failing.`,
            fix: "Write as `initialDelaySeconds` how long a start takes, or add a startupProbe.",
          };
        }
      }
    }
  },
};

/** The failures in a row that it takes, the first right after the delay. */
function killsAfter({ initialDelaySeconds, periodSeconds, failureThreshold }: Probe): number {
  return initialDelaySeconds + periodSeconds * (failureThreshold - 1);
}
