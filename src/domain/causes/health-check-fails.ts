// A health check that the application answers with an error. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { type FailingProbe, failingProbe, nameProbe, PROBE_REASONS, whatChanged } from "./failing-probe.ts";

export const healthCheckFails: Classifier = {
  recognises: ["HealthCheckFails"],
  explains: PROBE_REASONS,
  classify: (of) => {
    const failing = failingProbe(of);
    const { failure } = failing ?? {};
    if (!failing || !failure) return undefined;
    const isGrpc = /NOT_SERVING|service unhealthy/i.test(failure.message);
    const isCommand = failing.probe.kind === "exec" && failure.kind !== "timeout";
    if (failure.status === undefined && !isGrpc && !isCommand) return undefined;
    const what =
      failure.status === undefined ? (isGrpc ? "NOT_SERVING" : "an error") : `HTTP ${failure.status}`;
    return {
      class: "HealthCheckFails",
      certainty: "Certain",
      message: `The application answers its health check with ${what}: ${nameProbe(failing)} fails.`,
      evidence: quoted(of, /probe|statuscode/i),
      remedy: `${inWords(failure.status, failing)}${whatChanged(failing)}`,
    };
  },
};

function inWords(status: number | undefined, { container, probe, which }: FailingProbe): string {
  const what = probe.path === undefined ? "its health check" : probe.path;
  if (status === 401 || status === 403) {
    return `Make ${what} of container ${container.name} answer without credentials, or send them in its ${which} probe.`;
  }
  if (status === 503) {
    return `Check what ${what} of container ${container.name} is waiting for: 503 means "not now", usually because a dependency is unavailable.`;
  }
  return `Fix what ${what} of container ${container.name} reports, in the image or in its configuration.`;
}
