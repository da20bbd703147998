// What Events say about failing probes. Evidence that names the cause and can lengthen patience; it never decides. Pure.
import type { EventView } from "../snapshot/event.ts";
import type { PodView } from "../snapshot/pod.ts";

/**
 * How a probe failed: nobody listens yet; the application answers "not yet" (503); an error answer; no answer in time.
 */
export type ProbeFailureKind = "refused" | "unavailable" | "httpError" | "timeout" | "other";

export interface ProbeFailure {
  readonly kind: ProbeFailureKind;
  /** HTTP status, when the probe got one. */
  readonly status?: number | undefined;
  readonly message: string;
}

/** The newest probe failure that Events tell of a pod (kubelet reason `Unhealthy`), or undefined. */
export function probeFailureOf(pod: PodView, events: readonly EventView[]): ProbeFailure | undefined {
  const newest = events
    .filter((event) => event.reason === "Unhealthy" && event.involved.uid === pod.uid)
    .sort((a, b) => b.lastAt - a.lastAt)[0];
  return newest && classify(newest.message);
}

/** The texts are those of the kubelet's prober (pkg/probe/http, tcp, grpc). */
function classify(message: string): ProbeFailure {
  const status = Number(/statuscode: (\d{3})/i.exec(message)?.[1]);
  if (status === 503) return { kind: "unavailable", status, message };
  if (status) return { kind: "httpError", status, message };
  if (/connection refused|failed to connect service/i.test(message)) return { kind: "refused", message };
  if (/deadline exceeded|timeout|timed out|did not complete within/i.test(message))
    return { kind: "timeout", message };
  return { kind: "other", message };
}
