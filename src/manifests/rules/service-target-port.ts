// Does every port of a Service lead to a port of its pods?
import { nearest } from "../../domain/nearest.ts";
import { isListenedOn } from "../corroboration.ts";
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { placeText } from "../place.ts";
import type { Service, ServicePort } from "../service.ts";
import { type ContainerPort, lastingContainers, type Workload } from "../workload.ts";

export const serviceTargetPort: LintRule = {
  id: "service-target-port",
  severity: "error",
  meaning: "A Service sends to a port that no container of its pods declares",
  advice:
    "Ports need not be declared, so a container that declares none is let be. One that declares some, but not the port that the Service sends to, has usually mistaken one of the two. Names must be declared: a Service that sends to a name which no container has gets no endpoints for it. It is information where several ports are declared, and where arguments, variables, a ConfigMap of the pods or all of their probes name the port too: then it is only not declared.",
  *run(inventory) {
    for (const service of inventory.services) {
      for (const workload of inventory.servedBy(service)) {
        const declared = lastingContainers(workload).flatMap(({ ports }) => ports);
        for (const port of service.ports) yield* judge(service, port, workload, declared, inventory);
      }
    }
  },
};

function* judge(
  service: Service,
  port: ServicePort,
  workload: Workload,
  declared: readonly ContainerPort[],
  inventory: Inventory,
): Iterable<Problem> {
  const fitting = declared.filter(({ name, number }) => port.target === name || port.target === number);
  if (fitting.some(({ protocol }) => protocol === port.protocol)) return;
  const problem = { manifest: service.manifest, field: port.field };
  const sends = `${service.title} sends port ${port.title} to ${port.protocol} port ${port.target}`;
  if (fitting[0] !== undefined) {
    yield {
      ...problem,
      message: `${sends}, which ${workload.title} declares for ${fitting[0].protocol} only.`,
      fix: `Write \`protocol: ${fitting[0].protocol}\` into the Service, or \`protocol: ${port.protocol}\` into the container's port.`,
    };
  } else if (typeof port.target === "string")
    yield unknownName(problem, sends, port.target, workload, declared);
  // Ports need not be declared; but who declares some and not this one has probably mistaken it.
  else if (declared.length > 0) {
    const isSure = declared.length === 1 && !isListenedOn(port.target, workload, inventory);
    yield undeclaredNumber(problem, sends, port.target, workload, declared, isSure);
  }
}

type Start = Pick<Problem, "manifest" | "field">;

function unknownName(
  problem: Start,
  sends: string,
  target: string,
  workload: Workload,
  declared: readonly ContainerPort[],
): Problem {
  if (/^\d+$/.test(target)) {
    return {
      ...problem,
      message: `${sends} in quotes, which is the name of a port and not a number: the API server refuses it.`,
      fix: `Write \`targetPort: ${target}\` without quotes.`,
    };
  }
  const names = [...new Set(declared.map(({ name }) => name).filter(Boolean))];
  const meant = nearest(target, names) ?? (names.length === 1 ? names[0] : undefined);
  const instead = names.length === 0 ? "its ports have no names" : `it has ${names.join(", ")}`;
  return {
    ...problem,
    message: `${sends}, a name that no container port of ${workload.title} has; ${instead}. It gets no endpoints for it.`,
    fix: meant
      ? `Write \`targetPort: ${meant}\`, or name the container's port \`${target}\`.`
      : `Write \`name: ${target}\` to the container's port that is meant, or its number as targetPort.`,
  };
}

function undeclaredNumber(
  problem: Start,
  sends: string,
  target: number,
  workload: Workload,
  declared: readonly ContainerPort[],
  isSure: boolean,
): Problem {
  const numbers = [...new Set(declared.map(({ number }) => number))].join(", ");
  const first = declared[0];
  const at = first ? ` (${placeText(first.field.place)})` : "";
  return {
    ...problem,
    // With several ports declared, one more is often just left out; or something else says that it is served.
    severity: isSure ? "error" : "info",
    message: `${sends}, but the containers of ${workload.title} declare only ${numbers}.`,
    fix: `Write \`containerPort: ${target}\`${at} if the application listens there; otherwise write the port that it listens on as targetPort.`,
  };
}
