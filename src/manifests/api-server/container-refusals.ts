// What Kubernetes' validation says of containers, their ports, probes and resources.
import type { Field } from "../field.ts";
import { quantityOf } from "../quantity.ts";
import type { Container } from "../workload.ts";
import { isPlaceholder, pathText, type Refusal } from "./refusal.ts";

export function containerRefusals({ field, role }: Container, spec: Field): readonly Refusal[] {
  const probes = ["livenessProbe", "readinessProbe", "startupProbe"].map((kind) => field.at(kind));
  return [
    ...nameRefusals(field),
    ...portRefusals(field, spec),
    ...probes.filter(({ isThere }) => isThere).flatMap((probe) => [...probeRefusals(probe)]),
    ...(role === "init" ? probes.flatMap(initProbeRefusals) : []),
    ...["postStart", "preStop"].flatMap((hook) => [...handlerRefusals(field.at("lifecycle", hook), HOOKS)]),
    ...resourceRefusals(field),
    ...variableRefusals(field),
    ...choices(field.at("imagePullPolicy"), ["Always", "IfNotPresent", "Never"]),
  ];
}

/** A value that must be one of a few. */
export function choices(field: Field, known: readonly string[]): readonly Refusal[] {
  if (!field.text || known.includes(field.text) || isPlaceholder(field)) return [];
  const list = known.map((one) => `"${one}"`).join(", ");
  const meant = known.find((one) => one.toLowerCase() === field.text?.toLowerCase());
  return [
    {
      field,
      says: `${pathText(field)}: Unsupported value: "${field.text}": supported values: ${list}`,
      fix: meant ? `Write \`${meant}\`.` : `Write one of ${known.join(", ")}.`,
    },
  ];
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function* nameRefusals(container: Field): Iterable<Refusal> {
  const name = container.at("name");
  if (name.text === undefined || isPlaceholder(name)) return;
  if (LABEL.test(name.text) && name.text.length <= 63) return;
  yield {
    field: name,
    says: `${pathText(name)}: Invalid value: "${name.text}": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-'`,
    fix: "Write at most 63 small letters, digits and `-`.",
  };
}

function* portRefusals(container: Field, spec: Field): Iterable<Refusal> {
  const ports = container.at("ports").items();
  for (const [index, port] of ports.entries()) {
    const name = port.at("name");
    const fault = name.text === undefined ? undefined : portNameFault(name.text);
    if (fault !== undefined && !isPlaceholder(name)) {
      yield {
        field: name,
        says: `${pathText(name)}: Invalid value: "${name.text}": ${fault}`,
        fix: "Write a shorter name of small letters, digits and `-`, such as `http`.",
      };
    }
    if (name.text && ports.slice(0, index).some((one) => one.at("name").text === name.text)) {
      yield {
        field: name,
        says: `${pathText(name)}: Duplicate value: "${name.text}"`,
        fix: "Give each port a name of its own.",
      };
    }
    yield* rangeRefusals(port.at("containerPort"));
    yield* rangeRefusals(port.at("hostPort"));
    yield* choices(port.at("protocol"), ["SCTP", "TCP", "UDP"]);
    const host = port.at("hostPort");
    if (
      spec.at("hostNetwork").value === true &&
      host.number &&
      host.number !== port.at("containerPort").number
    ) {
      yield {
        field: host,
        says: `${pathText(host)}: Invalid value: ${host.number}: must match \`containerPort\` when \`hostNetwork\` is true`,
        fix: "Take `hostPort` out.",
      };
    }
  }
}

/** What is wrong with the name of a port; undefined when nothing is. */
export function portNameFault(name: string): string | undefined {
  if (name.length > 15) return "must be no more than 15 characters";
  if (!/^[a-z0-9-]+$/.test(name)) {
    return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
  }
  if (!/[a-z]/.test(name)) return "must contain at least one letter (a-z)";
  return /--|^-|-$/.test(name) ? "must not contain consecutive hyphens, or begin or end with one" : undefined;
}

/** A port that is no number from 1 to 65535. */
export function* rangeRefusals(port: Field): Iterable<Refusal> {
  if (port.number === undefined || (port.number >= 1 && port.number <= 65_535)) return;
  if (port.number === 0 && port.path.at(-1) === "hostPort") return;
  yield {
    field: port,
    says: `${pathText(port)}: Invalid value: ${port.number}: must be between 1 and 65535, inclusive`,
    fix: "Write the port that the application listens on.",
  };
}

const PROBES = ["exec", "httpGet", "tcpSocket", "grpc"];
const HOOKS = ["exec", "httpGet", "tcpSocket", "sleep"];

function* handlerRefusals(handler: Field, kinds: readonly string[]): Iterable<Refusal> {
  if (!handler.isThere) return;
  const given = kinds
    .map((kind) => handler.at(kind))
    .filter(({ value }) => value !== undefined && value !== null);
  const second = given[1];
  if (second !== undefined) {
    yield {
      field: second,
      says: `${pathText(second)}: Forbidden: may not specify more than 1 handler type`,
      fix: `Keep one of ${given.map(({ path }) => path.at(-1)).join(" and ")}.`,
    };
  } else if (given.length === 0) {
    yield {
      field: handler,
      says: `${pathText(handler)}: Required value: must specify a handler type`,
      fix: `Write one of ${kinds.join(", ")}.`,
    };
  }
}

function* probeRefusals(probe: Field): Iterable<Refusal> {
  yield* handlerRefusals(probe, PROBES);
  const success = probe.at("successThreshold");
  if (probe.path.at(-1) !== "readinessProbe" && success.number !== undefined && success.number > 1) {
    yield {
      field: success,
      says: `${pathText(success)}: Invalid value: ${success.number}: must be 1`,
      fix: "Take `successThreshold` out.",
    };
  }
  for (const key of [
    "initialDelaySeconds",
    "periodSeconds",
    "timeoutSeconds",
    "successThreshold",
    "failureThreshold",
  ]) {
    const field = probe.at(key);
    if ((field.number ?? 0) >= 0) continue;
    yield {
      field,
      says: `${pathText(field)}: Invalid value: ${field.number}: must be greater than or equal to 0`,
      fix: "Write a number that is not negative.",
    };
  }
  for (const handler of ["httpGet", "tcpSocket", "grpc"]) yield* rangeRefusals(probe.at(handler, "port"));
  yield* choices(probe.at("httpGet", "scheme"), ["HTTP", "HTTPS"]);
}

function initProbeRefusals(probe: Field): readonly Refusal[] {
  if (!probe.isThere) return [];
  return [
    {
      field: probe,
      says: `${pathText(probe)}: Forbidden: may not be set for init containers without restartPolicy=Always`,
      fix: "Take the probe out, or write `restartPolicy: Always` if the container is a sidecar.",
    },
  ];
}

function* resourceRefusals(container: Field): Iterable<Refusal> {
  const resources = container.at("resources");
  for (const [name, request] of resources.at("requests").entries()) {
    const limit = resources.at("limits", name);
    const [wanted, most] = [quantityOf(request), quantityOf(limit)];
    if (wanted === undefined || most === undefined || wanted <= most) continue;
    yield {
      field: request,
      says: `${pathText(request)}: Invalid value: "${request.shown}": must be less than or equal to ${name} limit of ${limit.shown}`,
      fix: `Write at most ${limit.shown}, or a larger limit.`,
    };
  }
  for (const part of ["requests", "limits"]) {
    for (const [, amount] of resources.at(part).entries()) {
      if (amount.shown === "" || quantityOf(amount) !== undefined || isPlaceholder(amount)) continue;
      yield {
        field: amount,
        says: `${pathText(amount)}: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
        fix: "Write a quantity such as `500m` for processors, or `256Mi` for memory.",
      };
    }
  }
}

function* variableRefusals(container: Field): Iterable<Refusal> {
  for (const variable of container.at("env").items()) {
    const from = variable.at("valueFrom");
    if (from.isThere && variable.at("value").text) {
      yield {
        field: from,
        says: `${pathText(from)}: Invalid value: "": may not be specified when \`value\` is not empty`,
        fix: "Keep `value` or `valueFrom`.",
      };
    }
  }
}
