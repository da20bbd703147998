// A probe that talks another protocol than the port that it asks. Pure.
import { type Classifier, quoted } from "./cause.ts";
import { failingProbe, fieldOf, nameProbe, PROBE_REASONS } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

const WRONG_PROTOCOL =
  /server gave HTTP response to HTTPS client|malformed HTTP (?:response|status)|first record does not look like a TLS|does not implement the grpc health protocol|unsupported protocol scheme/i;

export const probeProtocolMismatch: Classifier = {
  recognises: ["ProbeProtocolMismatch"],
  explains: PROBE_REASONS,
  classify: (of) => {
    const failing = failingProbe(of);
    if (!failing?.failure) return undefined;
    const { probe, probeBefore, container, which, failure } = failing;
    const isReported = WRONG_PROTOCOL.test(failure.message);
    // What Go's and other servers answer when they are asked in clear text for TLS.
    const isClearForTls = probe.kind === "http" && failure.status === 400;
    if (!isReported && !isClearForTls) return undefined;
    const other = probe.kind === "http" ? "HTTPS" : probe.kind === "https" ? "HTTP" : undefined;
    const isMoved = probeBefore !== undefined && probeBefore.kind !== probe.kind;
    return {
      class: "ProbeProtocolMismatch",
      certainty: isReported ? "Certain" : "Likely",
      message: `The application does not speak ${probe.kind === "grpc" ? "gRPC's health protocol" : probe.kind.toUpperCase()} on port ${probe.port ?? "?"}, as ${nameProbe(failing)} does${isMoved ? `; the probe used ${probeBefore.kind.toUpperCase()} before` : ""}.`,
      evidence: quoted(of, /probe/i),
      remedy: other
        ? `Set scheme: ${other} in the ${which} probe of container ${container.name}, or make the application speak ${probe.kind.toUpperCase()}.`
        : `Add gRPC's health service to the application, or use another kind of ${which} probe for container ${container.name}.`,
      patch:
        other === undefined
          ? undefined
          : patchOfContainer(of.rollout, container, { [fieldOf(which)]: { httpGet: { scheme: other } } }),
    };
  },
};
