// One attempt of a probe against the simulated application, with the kubelet's words for a failure. Pure.
import type { Container, Probe } from "../api-server/kinds.ts";
import type { Application } from "./application.ts";

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
  /** Since its start. */
  readonly runningMs: number;
}

export function attemptProbe(probe: Probe, probed: ProbedContainer): ProbeResult {
  const { application, runningMs } = probed;
  if (probe.exec !== undefined) {
    const output = application.execOutput;
    return output === "ok" ? { outcome: "success" } : { outcome: "failure", output };
  }
  const wanted = probe.httpGet?.port ?? probe.tcpSocket?.port ?? 0;
  const port = portNumber(probed.container, wanted);
  if (port === undefined) {
    return { outcome: "error", output: `strconv.Atoi: parsing "${wanted}": invalid syntax` };
  }
  const address = `${probed.podIP}:${port}`;
  const isListening = port === application.port && runningMs >= application.listensAfterMs;
  const refused = `dial tcp ${address}: connect: connection refused`;
  if (probe.httpGet === undefined) {
    return isListening ? { outcome: "success" } : { outcome: "failure", output: refused };
  }
  const { path = "/", scheme = "HTTP" } = probe.httpGet;
  const url = `${scheme.toLowerCase()}://${address}${path}`;
  if (!isListening) return { outcome: "failure", output: `Get "${url}": ${refused}` };
  if (application.answerMs >= (probe.timeoutSeconds ?? 1) * 1_000) {
    const why = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    return { outcome: "failure", output: `Get "${url}": ${why}` };
  }
  const status = runningMs >= application.failsAfterMs ? 500 : application.healthStatus;
  if (status >= 200 && status < 400) return { outcome: "success" };
  return { outcome: "failure", output: `HTTP probe failed with statuscode: ${status}` };
}

function portNumber({ ports = [] }: Container, wanted: number | string): number | undefined {
  if (typeof wanted === "number") return wanted;
  if (/^\d+$/.test(wanted)) return Number(wanted);
  return ports.find(({ name }) => name === wanted)?.containerPort;
}
