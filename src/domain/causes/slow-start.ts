// A probe that gives up while the application is still starting. Pure.
import { formatDuration } from "../../api/duration.ts";
import { capital } from "../history/revisions.ts";
import { startTimeMs } from "../rollout/start-times.ts";
import type { ProbeView } from "../snapshot/probe.ts";
import { type Classifier, quoted } from "./cause.ts";
import { type FailingProbe, killingProbe, nameProbe, unreadyProbe } from "./failing-probe.ts";
import { patchOfContainer } from "./kubectl-patch.ts";

/** What is allowed instead, at least. */
const ENOUGH_MS = 120_000;
const PERIOD_S = 5;

export const slowStart: Classifier = {
  recognises: ["SlowStart"],
  explains: ["NotReady", "ProgressDeadlineExceeded", "CrashLooping"],
  classify: (of) => {
    const isKilled = of.finding.reason === "CrashLooping";
    const failing = isKilled ? killingProbe(of) : unreadyProbe(of);
    if (failing?.failure?.kind !== "refused") return undefined;
    const { container, ranMs, probe } = failing;
    const knownMs = startTimeMs(of.rollout);
    const allowedMs = Math.max(ENOUGH_MS, 2 * knownMs, 2 * ranMs);
    const others = of.rollout.pods.some(({ isReady }) => isReady);
    const needed =
      knownMs > ranMs
        ? ` A working pod takes up to ${formatDuration(knownMs)}.`
        : others
          ? " Other pods of the same revision became ready."
          : "";
    return {
      class: "SlowStart",
      certainty: knownMs > ranMs ? "Certain" : "Likely",
      message: isKilled
        ? `${capital(nameProbe(failing))} does not wait long enough: the kubelet kills the container ${formatDuration(ranMs)} after its start, before anything listens on port ${probe.port ?? "?"}.${needed}`
        : `The application is not listening on port ${probe.port ?? "?"} ${formatDuration(ranMs)} after its start, and ${nameProbe(failing)} allows no more time.${needed}`,
      evidence: quoted(of, /refused/i),
      remedy: `Add a startup probe to container ${container.name} that allows ${formatDuration(allowedMs)}${isKilled ? "; the liveness probe starts after it succeeds" : ", or increase the patience of the guard's readiness check"}.`,
      patch: patchOfContainer(of.rollout, container, {
        startupProbe: {
          ...handlerOf(failing),
          periodSeconds: PERIOD_S,
          failureThreshold: Math.ceil(allowedMs / 1_000 / PERIOD_S),
        },
      }),
    };
  },
};

function handlerOf({ probe, container }: FailingProbe): object {
  const asks: ProbeView = container.startup ?? container.readiness ?? probe;
  const port = asks.portName ?? asks.port;
  switch (asks.kind) {
    case "http":
      return { httpGet: { path: asks.path, port } };
    case "https":
      return { httpGet: { path: asks.path, port, scheme: "HTTPS" } };
    case "grpc":
      return { grpc: { port: asks.port } };
    case "tcp":
    case "exec":
      return { tcpSocket: { port } };
  }
}
