// One attempt of a probe against the simulated application, with the kubelet's words for a failure. Pure.
import type { Container, Probe } from "../../api-server/kinds.ts";
import { type Application, isUnhealthyAt } from "../application.ts";
import { isUserPath } from "../user-traffic.ts";

export type ProbeResult =
  | { readonly outcome: "success" }
  | { readonly outcome: "failure"; readonly output: string }
  /** The attempt itself was not possible; it counts neither way. */
  | { readonly outcome: "error"; readonly output: string };

/** What is known of the container at the time of the attempt. */
export interface ProbedContainer {
  readonly container: Container;
  readonly application: Application;
  readonly podIP: string;
  /** Since its start; negative while it waits for something before it listens. */
  readonly runningMs: number;
  /** It does not hold its Lease. */
  readonly isStandby?: boolean | undefined;
}

const SUCCESS: ProbeResult = { outcome: "success" };
const failure = (output: string): ProbeResult => ({ outcome: "failure", output });

export function attemptProbe(probe: Probe, probed: ProbedContainer): ProbeResult {
  if (probe.exec !== undefined) return attemptExec(probe, probed);
  const wanted = probe.httpGet?.port ?? probe.tcpSocket?.port ?? probe.grpc?.port ?? 0;
  const port = portNumber(probed.container, wanted);
  if (port === undefined) {
    return { outcome: "error", output: `strconv.Atoi: parsing "${wanted}": invalid syntax` };
  }
  const host = probe.httpGet?.host || probe.tcpSocket?.host || probed.podIP;
  const refusal = refusalOf(host, port, probed);
  if (probe.httpGet !== undefined) return attemptHttp(probe, `${host}:${port}`, refusal, probed);
  if (probe.grpc !== undefined)
    return attemptGrpc(probe, `${host}:${port}`, refusal, probed.application, probed);
  return refusal === undefined ? SUCCESS : failure(refusal);
}

/** Why no connection comes about. Only the pod itself can be reached; no name can be resolved. */
function refusalOf(
  host: string,
  port: number,
  { application, podIP, runningMs }: ProbedContainer,
): string | undefined {
  const isAddress = /^[\d.]+$/.test(host) || host === "localhost";
  if (!isAddress) return `dial tcp: lookup ${host}: no such host`;
  const isListening = port === application.port && runningMs >= application.listensAfterMs;
  if (host === podIP && isListening) return undefined;
  return `dial tcp ${host === "localhost" ? "127.0.0.1" : host}:${port}: connect: connection refused`;
}

function attemptHttp(
  probe: Probe,
  address: string,
  refusal: string | undefined,
  { application, runningMs, isStandby }: ProbedContainer,
): ProbeResult {
  const { path = "/", scheme = "HTTP" } = probe.httpGet ?? {};
  const url = `${scheme.toLowerCase()}://${address}${path.startsWith("/") ? "" : "/"}${path}`;
  if (refusal !== undefined) return failure(`Get "${url}": ${refusal}`);
  const isTls = scheme === "HTTPS";
  if (isTls && !application.isTls) {
    return failure(`Get "${url}": http: server gave HTTP response to HTTPS client`);
  }
  const ownMs = isUserPath(path) ? application.users.latencyMs.to : 0;
  if (application.answerMs + ownMs >= timeoutMsOf(probe)) {
    const why = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    return failure(`Get "${url}": ${why}`);
  }
  // A server that talks TLS tells a plain request that it is a bad one.
  const own = isUnhealthyAt(application, runningMs) ? 500 : application.healthStatus;
  const answer = isStandby ? 503 : own;
  const status = application.isTls && !isTls ? 400 : answer;
  return status >= 200 && status < 400 ? SUCCESS : failure(`HTTP probe failed with statuscode: ${status}`);
}

function attemptGrpc(
  probe: Probe,
  address: string,
  refusal: string | undefined,
  application: Application,
  { runningMs, isStandby }: ProbedContainer,
): ProbeResult {
  const within = `${timeoutMsOf(probe) / 1_000}s`;
  // The client connects again and again until its time is over, and only then says so.
  if (refusal !== undefined) {
    return failure(
      `timeout: failed to connect service "${address}" within ${within}: context deadline exceeded`,
    );
  }
  if (application.grpcStatus === "UNIMPLEMENTED") {
    return failure(
      "error: this server does not implement the grpc health protocol (grpc.health.v1.Health): unknown service grpc.health.v1.Health",
    );
  }
  if (application.answerMs >= timeoutMsOf(probe)) {
    return failure(`timeout: health rpc did not complete within ${within}`);
  }
  const status = isStandby || isUnhealthyAt(application, runningMs) ? "NOT_SERVING" : application.grpcStatus;
  return status === "SERVING" ? SUCCESS : failure(`service unhealthy (responded with "${status}")`);
}

function attemptExec(
  probe: Probe,
  { application, runningMs, isStandby = false }: ProbedContainer,
): ProbeResult {
  if (application.answerMs >= timeoutMsOf(probe)) {
    const command = (probe.exec?.command ?? []).join(" ");
    return failure(`command timed out: "${command}" timed out after ${timeoutMsOf(probe) / 1_000}s`);
  }
  const isWell = !isStandby && runningMs >= 0 && !isUnhealthyAt(application, runningMs);
  const output = application.execOutput === "ok" && !isWell ? "unhealthy" : application.execOutput;
  return output === "ok" ? SUCCESS : failure(output);
}

function timeoutMsOf({ timeoutSeconds = 1 }: Probe): number {
  return timeoutSeconds * 1_000;
}

function portNumber({ ports = [] }: Container, wanted: number | string): number | undefined {
  if (typeof wanted === "number") return wanted;
  const declared = ports.find(({ name }) => name === wanted)?.containerPort;
  return declared ?? (/^\d+$/.test(wanted) ? Number(wanted) : undefined);
}
