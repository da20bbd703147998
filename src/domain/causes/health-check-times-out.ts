// A health check that the application does not answer in time. Pure.
import { type Cause, type Classifier, quoted } from "./cause.ts";
import { failingProbe, fieldOf, nameProbe, PROBE_REASONS, whatChanged } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

const MOST_SECONDS = 30;

export const healthCheckTimesOut: Classifier = {
  recognises: ["HealthCheckTimesOut"],
  explains: PROBE_REASONS,
  classify: (of): Cause | undefined => {
    const failing = failingProbe(of);
    if (failing?.failure?.kind !== "timeout") return undefined;
    const { probe, probeBefore, container, which } = failing;
    const seconds = probe.timeoutMs / 1_000;
    const wasLonger = probeBefore !== undefined && probeBefore.timeoutMs > probe.timeoutMs;
    const longer = wasLonger
      ? probeBefore.timeoutMs / 1_000
      : Math.min(MOST_SECONDS, Math.max(5, 2 * seconds));
    return {
      class: "HealthCheckTimesOut",
      certainty: wasLonger ? "Certain" : "Likely",
      message: `The application does not answer its health check in time: ${nameProbe(failing)} waits ${seconds} s${wasLonger ? `; the rollout reduced it from ${longer} s` : ""}.`,
      evidence: quoted(of, /deadline|time-?d? ?out|did not complete/i),
      remedy: `Make the health check of container ${container.name} faster, or set timeoutSeconds: ${longer} in its ${which} probe.${whatChanged(failing)}`,
      patch: patchOfContainer(of.rollout, container, { [fieldOf(which)]: { timeoutSeconds: longer } }),
    };
  },
};
