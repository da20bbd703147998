// Does every probe ask a port that its container serves?
import { nearest } from "../../domain/nearest.ts";
import { isListenedOn } from "../corroboration.ts";
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { type Probe, probesOf } from "../probes.ts";
import { type Container, lastingContainers, type Workload } from "../workload.ts";

export const probePort: LintRule = {
  id: "probe-port",
  severity: "error",
  meaning: "A probe asks a port that the container does not declare, or another than the Service sends to",
  advice:
    "A probe on a port that is not open keeps every pod unready, or gets it killed. Names must be ports of the same container. A number that the container does not declare, though it declares one, is an error when a single probe asks it, a warning when several ports are declared, and information when arguments, variables, a ConfigMap of the pods or all of several probes agree on it. When container and probe agree on a port, but the Service sends to another that no container declares, both are probably wrong.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      for (const container of lastingContainers(workload)) {
        for (const probe of probesOf(container)) {
          const problem = judge(probe, container, workload, inventory);
          if (problem) yield { manifest: workload.manifest, field: probe.port, ...problem };
        }
      }
    }
  },
};

type Said = Pick<Problem, "message" | "fix" | "severity">;

function judge(
  probe: Probe,
  container: Container,
  workload: Workload,
  inventory: Inventory,
): Said | undefined {
  const asks = `The ${probe.kind} probe of container ${container.name} in ${workload.title} asks port`;
  const { text, number } = probe.port;
  if (text !== undefined) return unknownName(asks, text, container);
  if (number === undefined || container.ports.length === 0) return undefined;
  return container.ports.some((port) => port.number === number)
    ? besideServicePort(asks, number, container, workload, inventory)
    : undeclared(asks, number, container, workload, inventory);
}

function unknownName(asks: string, name: string, { ports }: Container): Said | undefined {
  const names = ports.map((port) => port.name).filter(Boolean);
  if (names.includes(name)) return undefined;
  if (/^\d+$/.test(name)) {
    return {
      message: `${asks} "${name}" in quotes, which is the name of a port and not a number: the API server refuses it.`,
      fix: `Write \`port: ${name}\` without quotes.`,
    };
  }
  const meant = nearest(name, names) ?? (names.length === 1 ? names[0] : undefined);
  const has = names.length === 0 ? "which has no named ports" : `which names ${names.join(", ")}`;
  return {
    message: `${asks} ${name}, a name that is no port of this container, ${has}. The probe can only fail.`,
    fix: meant
      ? `Write \`port: ${meant}\`.`
      : `Write \`name: ${name}\` to the port that is meant, or ask its number.`,
  };
}

function undeclared(
  asks: string,
  number: number,
  container: Container,
  workload: Workload,
  inventory: Inventory,
): Said {
  const own = container.ports.map((port) => port.number).join(", ");
  const asking = probesOf(container).filter(({ port }) => port.number === number);
  const other = workload.containers.find(({ ports }) => ports.some((port) => port.number === number));
  if (other !== undefined) {
    return {
      severity: "info",
      message: `${asks} ${number}, which is a port of container ${other.name}.`,
      fix: "Nothing, when that is meant; otherwise ask a port of this container.",
    };
  }
  const declare = `\`containerPort: ${number}\``;
  if (isListenedOn(number, workload, inventory)) {
    return {
      severity: "info",
      message: `${asks} ${number}, which the container does not declare beside ${own}; its settings or its other probes agree on it.`,
      fix: `Declare ${declare}, so that it can be seen.`,
    };
  }
  return {
    severity: container.ports.length === 1 && asking.length === 1 ? "error" : "warning",
    message: `${asks} ${number}, but the container declares only ${own}.`,
    fix: `Write \`port: ${container.ports[0]?.number}\`, or declare ${declare} if the application listens there.`,
  };
}

/** The container declares what the probe asks, and nobody declares what the Service sends to: both are probably wrong. */
function besideServicePort(
  asks: string,
  number: number,
  container: Container,
  workload: Workload,
  inventory: Inventory,
): Said | undefined {
  const services = inventory.servicesOf(workload);
  const targets = services.flatMap(({ title, ports }) => ports.map(({ target }) => ({ title, target })));
  const declared = lastingContainers(workload).flatMap(({ ports }) => ports);
  const isServed = ({ target }: { readonly target: number | string }) =>
    declared.some((port) => port.number === target || port.name === target);
  const lost = targets.find(({ target }) => typeof target === "number");
  if (lost === undefined || targets.some(isServed) || container.ports.length > 1) return undefined;
  return {
    message: `${asks} ${number}, while ${lost.title} sends to port ${lost.target}, which no container declares.`,
    fix: `Write \`${lost.target}\` here and as containerPort if the application listens there; otherwise change the Service.`,
  };
}
