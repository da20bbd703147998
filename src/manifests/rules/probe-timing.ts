// Are probes patient enough for an application that is still starting?
import type { LintRule, Problem } from "../finding.ts";
import { killsAfter, probeOf, probesOf } from "../probes.ts";
import { type Container, lastingContainers } from "../workload.ts";

/** Seconds that a start should be given before a container is killed for not answering. */
const SHORTEST_START = 15;
/** A first question within so many seconds of a delay that somebody chose is likely to fail. */
const SHORTEST_DELAY = 5;

export const probeTiming: LintRule = {
  id: "probe-timing",
  severity: "warning",
  meaning: "A probe is impatient: a slow start fails it, or gets the container killed",
  advice:
    "A probe that can kill within 15 s of the start will do so on a slow day, and so will a liveness probe that kills before the readiness probe first asks. It is information if an explicit readiness delay is below 5 s, or a probe may take longer than its period.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of lastingContainers(workload)) {
        const where = `container ${container.name} in ${workload.title}`;
        const problems = [
          ...ofStart(container, where),
          ...ofReadiness(container, where),
          ...ofTimeouts(container, where),
        ];
        for (const problem of problems) yield { manifest: workload.manifest, ...problem };
      }
    }
  },
};

type Said = Omit<Problem, "manifest">;

/** The probe that decides how long a start can take. */
function* ofStart(container: Container, where: string): Iterable<Said> {
  const startup = probeOf(container, "startup");
  const deciding = startup ?? probeOf(container, "liveness");
  if (deciding === undefined) return;
  const seconds = killsAfter(deciding);
  const firstAsked = probeOf(container, "readiness")?.initialDelaySeconds ?? 0;
  const fix =
    startup === undefined
      ? "Add a startupProbe that allows for the slowest start, or write a larger `failureThreshold`."
      : "Write a larger `failureThreshold` that allows for the slowest start.";
  if (startup === undefined && firstAsked > seconds) {
    yield {
      field: deciding.field,
      message: `The liveness probe kills ${where} ${seconds} s after it was started, and the readiness probe first asks after ${firstAsked} s: a start that takes that long never succeeds.`,
      fix,
    };
  } else if (seconds < SHORTEST_START) {
    yield {
      field: deciding.field,
      message: `The ${deciding.kind} probe kills ${where} ${seconds} s after it was started, if it does not respond yet.`,
      fix,
    };
  }
}

function* ofReadiness(container: Container, where: string): Iterable<Said> {
  const delay = probeOf(container, "readiness")?.field.at("initialDelaySeconds");
  if (probeOf(container, "startup") || !delay?.number || delay.number >= SHORTEST_DELAY) return;
  yield {
    field: delay,
    severity: "info",
    message: `The readiness probe of ${where} first asks after ${delay.number} s: a start that takes longer is reported as failing.`,
    fix: "Write as `initialDelaySeconds` how long a start takes, or add a startupProbe.",
  };
}

function* ofTimeouts(container: Container, where: string): Iterable<Said> {
  for (const { kind, field, periodSeconds } of probesOf(container)) {
    const timeout = field.at("timeoutSeconds");
    if (timeout.number === undefined || timeout.number <= periodSeconds) continue;
    yield {
      field: timeout,
      severity: "info",
      message: `The ${kind} probe of ${where} waits up to ${timeout.number} s for an answer and is meant to ask every ${periodSeconds} s: a container that hangs is noticed later than it seems.`,
      fix: "Write a `timeoutSeconds` that is not above `periodSeconds`.",
    };
  }
}
