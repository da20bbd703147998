// Which pods stand behind a Service, on which ports, and since when: shared by both endpoint controllers. Pure.
import type { EndpointPort, Pod, Service, TargetReference } from "../../api-server/kinds.ts";
import { isTerminal, podCondition } from "../pod-readiness.ts";

/** Pods that have an address and have not ended. */
export function hasAddress(pod: Pod): boolean {
  return pod.status.podIP !== undefined && !isTerminal(pod);
}

/** The label of what belongs to a Service without an address of its own. */
export const HEADLESS = "service.kubernetes.io/headless";

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === "None";
}

export function isReady(pod: Pod): boolean {
  return podCondition(pod, "Ready")?.status === "True";
}

export function targetReference({ metadata }: Pod): TargetReference {
  const { name, namespace = "", uid } = metadata;
  return { kind: "Pod", namespace, name, uid };
}

/** The Service's ports on this pod. A named port that the pod does not declare is left out. */
export function portsOn({ spec }: Service, pod: Pod): EndpointPort[] {
  const ports: EndpointPort[] = [];
  for (const { name, protocol = "TCP", targetPort, port } of spec.ports ?? []) {
    const number =
      typeof targetPort === "string" ? namedPort(pod, targetPort, protocol) : (targetPort ?? port);
    if (number !== undefined) ports.push({ ...(name && { name }), protocol, port: number });
  }
  return ports;
}

function namedPort({ spec }: Pod, name: string, protocol: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  for (const { ports = [] } of spec.containers) {
    const found = ports.find((port) => port.name === name && (port.protocol ?? "TCP") === protocol);
    if (found !== undefined) return found.containerPort;
  }
  return undefined;
}

/** Remembers which changes of pods a Service's endpoints have shown already. */
export interface TriggerTimes {
  /** The oldest change that was not shown yet, as a timestamp; undefined when nothing new made the update. */
  next(service: Service, pods: readonly Pod[]): string | undefined;
  forget(key: string): void;
}

/** The annotation that tells when the change happened that an update shows. */
export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

export function createTriggerTimes(): TriggerTimes {
  const shown = new Map<string, { serviceAt: string; readonly pods: Map<string, string> }>();
  return {
    next(service, pods) {
      const key = `${service.metadata.namespace}/${service.metadata.name}`;
      const before = shown.get(key) ?? { serviceAt: "", pods: new Map<string, string>() };
      let oldest: string | undefined;
      const consider = (time: string): void => {
        if (oldest === undefined || time < oldest) oldest = time;
      };
      for (const pod of pods) {
        const time = podCondition(pod, "Ready")?.lastTransitionTime;
        const known = before.pods.get(pod.metadata.name) ?? "";
        if (time === undefined || time <= known) continue;
        before.pods.set(pod.metadata.name, time);
        consider(time);
      }
      if (before.pods.size > pods.length) {
        const names = new Set(pods.map(({ metadata }) => metadata.name));
        for (const name of before.pods.keys()) if (!names.has(name)) before.pods.delete(name);
      }
      const serviceAt = service.metadata.creationTimestamp;
      if (serviceAt > before.serviceAt) consider(serviceAt);
      shown.set(key, { serviceAt, pods: before.pods });
      return oldest;
    },
    forget: (key) => shown.delete(key),
  };
}
