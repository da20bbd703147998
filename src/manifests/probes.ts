// The probes of a container, read alike whatever they ask.
import type { Field } from "./field.ts";
import type { Container } from "./workload.ts";

export type ProbeKind = "readiness" | "liveness" | "startup";

export interface Probe {
  readonly kind: ProbeKind;
  readonly field: Field;
  /** What it asks; undefined for a command. */
  readonly asks: "httpGet" | "tcpSocket" | "grpc" | undefined;
  /** The port's field; missing for a command. */
  readonly port: Field;
  /** The path of an HTTP probe. */
  readonly path: Field;
  readonly initialDelaySeconds: number;
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

const HANDLERS = ["httpGet", "tcpSocket", "grpc"] as const;

/** The probe of that kind, with the defaults of Kubernetes; undefined when there is none. */
export function probeOf({ field: container }: Container, kind: ProbeKind): Probe | undefined {
  const field = container.at(`${kind}Probe`);
  const asks = HANDLERS.find((handler) => field.at(handler).isThere);
  if (asks === undefined && !field.at("exec").isThere) return undefined;
  return {
    kind,
    field,
    asks,
    port: field.at(asks ?? "exec", "port"),
    path: field.at("httpGet", "path"),
    initialDelaySeconds: field.at("initialDelaySeconds").number ?? 0,
    periodSeconds: field.at("periodSeconds").number || 10,
    failureThreshold: field.at("failureThreshold").number || 3,
  };
}

export function probesOf(container: Container): readonly Probe[] {
  return (["readiness", "liveness", "startup"] as const).flatMap((kind) => probeOf(container, kind) ?? []);
}

/** What the probe asks, as text that is alike for two probes that ask the same. */
export function questionOf({ asks, field }: Probe): string {
  const handler = field.at(asks ?? "exec");
  return JSON.stringify([
    asks,
    ...["port", "path", "scheme", "service", "command"].map((key) => handler.at(key).value),
  ]);
}

/** Seconds from the start until the probe has a container killed: the failures in a row, the first right after the delay. */
export function killsAfter({ initialDelaySeconds, periodSeconds, failureThreshold }: Probe): number {
  return initialDelaySeconds + periodSeconds * (failureThreshold - 1);
}
