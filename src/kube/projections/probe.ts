// Probes: raw JSON → ProbeView, with the defaults of Kubernetes and what is asked in one line.

import type { ProbeView } from "../../domain/snapshot/probe.ts";
import type { ContainerTemplateView } from "../../domain/snapshot/template.ts";
import { asInteger, asList, asObject, asText, isObject, optionalText, type RawObject } from "../objects.ts";
import { sharedText } from "./shared-text.ts";

type Ports = ContainerTemplateView["ports"];

/** The probe, or undefined when there is none. `ports` are those of its container, to resolve names. */
export function projectProbe(raw: unknown, ports: Ports): ProbeView | undefined {
  if (!isObject(raw)) return undefined;
  return {
    ...handlerOf(raw, ports),
    target: sharedText(targetOf(raw, ports)),
    initialDelayMs: positive(raw.initialDelaySeconds, 0) * 1_000,
    periodMs: positive(raw.periodSeconds, 10) * 1_000,
    timeoutMs: positive(raw.timeoutSeconds, 1) * 1_000,
    failureThreshold: positive(raw.failureThreshold, 3),
    successThreshold: positive(raw.successThreshold, 1),
  };
}

/** Kubernetes' numbers of probes are of 32 bits. */
const MOST = 2 ** 31 - 1;

/** A setting where Kubernetes takes 0 for "not set". */
function positive(value: unknown, byDefault: number): number {
  const number = asInteger(value);
  return number > 0 ? Math.min(number, MOST) : byDefault;
}

/** How it asks, and where. */
function handlerOf(probe: RawObject, ports: Ports): Pick<ProbeView, "kind" | "port" | "portName" | "path"> {
  if (isObject(probe.httpGet)) {
    const { scheme, port, path } = probe.httpGet;
    const kind = asText(scheme).toUpperCase() === "HTTPS" ? "https" : "http";
    return { kind, ...portOf(port, ports), path: sharedText(optionalText(path) ?? "/") };
  }
  if (isObject(probe.tcpSocket)) return { kind: "tcp", ...portOf(probe.tcpSocket.port, ports) };
  if (isObject(probe.grpc)) return { kind: "grpc", ...portOf(probe.grpc.port, ports) };
  return { kind: "exec" };
}

function portOf(port: unknown, ports: Ports): Pick<ProbeView, "port" | "portName"> {
  if (typeof port === "number") return { port };
  const portName = optionalText(port);
  if (portName === undefined) return {};
  return { port: ports.find(({ name }) => name === portName)?.port, portName: sharedText(portName) };
}

function targetOf(probe: RawObject, ports: Ports): string {
  if (isObject(probe.httpGet)) {
    const { scheme, host, port, path } = probe.httpGet;
    const where = `${optionalText(host) ?? ""}:${portText(port, ports)}`;
    const route = optionalText(path) ?? "/";
    return `GET ${asText(scheme, "HTTP").toLowerCase()} ${where}${route.startsWith("/") ? "" : "/"}${route}`;
  }
  if (isObject(probe.tcpSocket)) {
    const { host, port } = probe.tcpSocket;
    return `TCP ${optionalText(host) ?? ""}:${portText(port, ports)}`;
  }
  if (isObject(probe.grpc)) {
    const { port, service } = probe.grpc;
    return `gRPC :${portText(port, ports)}${optionalText(service) ? `/${asText(service)}` : ""}`;
  }
  return ["exec", ...firstWords(asObject(probe.exec).command)].join(" ");
}

function portText(port: unknown, ports: Ports): string {
  if (typeof port === "number") return String(port);
  const name = asText(port);
  const declared = ports.find((candidate) => candidate.name === name);
  return declared ? `${name}(${declared.port})` : name;
}

/** What is run, without flags and assignments: those may carry passwords, and the text ends in Incidents. */
function firstWords(command: unknown): string[] {
  const text = asList(command)
    .filter((word) => typeof word === "string")
    .join(" ")
    .slice(0, 200);
  const words: string[] = [];
  for (const word of text.split(/\s+/)) {
    const canReport = word === "-c" || !/^-|[=:@]/.test(word);
    if (word === "" || !canReport || words.length === 3) break;
    words.push(word);
  }
  return words;
}
