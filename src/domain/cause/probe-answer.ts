// A probe that is answered, and not as it should be: the path is not known, the protocol is another one, or it is an error. Pure.
import { changedInContainer } from "../changes/container-changes.ts";
import { type Case, type Cause, type Classifier, quoted } from "./cause.ts";
import { type FailingProbe, fieldOf, killingProbe, nameProbe, unreadyProbe } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

const EXPLAINS = ["NotReady", "Degraded", "ProgressDeadlineExceeded", "CrashLooping"] as const;

/** Statuses by which a server says that it does not know the path, or not by GET. */
const UNKNOWN_PATH: ReadonlySet<number> = new Set([404, 405, 410]);

export const probePath: Classifier = {
  explains: EXPLAINS,
  classify: (of) => {
    const failing = probeIn(of);
    const status = failing?.failure?.status;
    if (!failing || status === undefined || !UNKNOWN_PATH.has(status)) return undefined;
    const { probe, probeBefore, container, which } = failing;
    const path = probe.path ?? "/";
    const former =
      probeBefore?.path !== undefined && probeBefore.path !== path ? probeBefore.path : undefined;
    return {
      class: "ProbePathNotServed",
      certainty: "Certain",
      message: `The application answers ${nameProbe(failing)} with HTTP ${status}: it does not serve ${path}${former === undefined ? "" : `; ${former} worked before`}.`,
      evidence: quoted(of, /statuscode/i),
      remedy:
        former === undefined
          ? `Serve ${path} in container ${container.name}, or let its ${which} probe ask a path that it serves.`
          : `Let the ${which} probe of container ${container.name} ask ${former} again, or serve ${path}.`,
      patch:
        former === undefined
          ? undefined
          : patchOfContainer(of.rollout, container, { [fieldOf(which)]: { httpGet: { path: former } } }),
    };
  },
};

const WRONG_PROTOCOL =
  /server gave HTTP response to HTTPS client|malformed HTTP (?:response|status)|first record does not look like a TLS|does not implement the grpc health protocol|unsupported protocol scheme/i;

export const probeProtocol: Classifier = {
  explains: EXPLAINS,
  classify: (of) => {
    const failing = probeIn(of);
    if (!failing?.failure) return undefined;
    const { probe, probeBefore, container, which, failure } = failing;
    const isTold = WRONG_PROTOCOL.test(failure.message);
    // What Go's and other servers answer when they are asked in clear text for TLS.
    const isClearForTls = probe.kind === "http" && failure.status === 400;
    if (!isTold && !isClearForTls) return undefined;
    const other = probe.kind === "http" ? "HTTPS" : probe.kind === "https" ? "HTTP" : undefined;
    const isMoved = probeBefore !== undefined && probeBefore.kind !== probe.kind;
    return {
      class: "ProbeProtocolMismatch",
      certainty: isTold ? "Certain" : "Likely",
      message: `The application does not talk ${probe.kind === "grpc" ? "gRPC's health protocol" : probe.kind.toUpperCase()} on port ${probe.port ?? "?"}, as ${nameProbe(failing)} does${isMoved ? `; before, it was asked by ${probeBefore.kind.toUpperCase()}` : ""}.`,
      evidence: quoted(of, /probe/i),
      remedy: other
        ? `Set scheme: ${other} in the ${which} probe of container ${container.name}, or let the application talk ${probe.kind.toUpperCase()}.`
        : `Give the application gRPC's health service, or let the ${which} probe of container ${container.name} ask in another way.`,
      patch:
        other === undefined
          ? undefined
          : patchOfContainer(of.rollout, container, { [fieldOf(which)]: { httpGet: { scheme: other } } }),
    };
  },
};

export const healthCheck: Classifier = {
  explains: EXPLAINS,
  classify: (of) => {
    const failing = probeIn(of);
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
    return `Let ${what} of container ${container.name} answer without credentials, or let its ${which} probe send them.`;
  }
  if (status === 503) {
    return `See what ${what} of container ${container.name} waits for: 503 says "not now", mostly for want of something that it depends on.`;
  }
  return `Mend what ${what} of container ${container.name} finds wrong, in the image or in what it is configured with.`;
}

function whatChanged({ before, container }: FailingProbe): string {
  const changed = before ? changedInContainer(before, container) : [];
  return changed.length > 0 ? ` The rollout changed its ${changed.join(", ")}.` : "";
}

/** The failing probe of a case; of a crash loop the one for which the kubelet kills. */
function probeIn(of: Case): FailingProbe | undefined {
  return of.finding.reason === "CrashLooping" ? killingProbe(of) : unreadyProbe(of);
}

const MOST_SECONDS = 30;

export const healthTimeout: Classifier = {
  explains: EXPLAINS,
  classify: (of): Cause | undefined => {
    const failing = probeIn(of);
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
      message: `The application does not answer its health check in time: ${nameProbe(failing)} waits ${seconds} s${wasLonger ? `, and the rollout took it down from ${longer} s` : ""}.`,
      evidence: quoted(of, /deadline|time-?d? ?out|did not complete/i),
      remedy: `Make what the health check of container ${container.name} does quick, or give it longer: timeoutSeconds: ${longer} in its ${which} probe.${whatChanged(failing)}`,
      patch: patchOfContainer(of.rollout, container, { [fieldOf(which)]: { timeoutSeconds: longer } }),
    };
  },
};
