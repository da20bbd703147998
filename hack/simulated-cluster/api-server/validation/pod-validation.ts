// The rules of pods and pod templates that a wrong manifest runs into, in the API server's words.
import { type FieldError, invalid } from "../api-error.ts";
import type { Container, Pod, PodSpec, Probe } from "../kinds.ts";
import { isSameJson, type KubeObject, type Texts } from "../kube-object.ts";
import { parseQuantity } from "../quantity.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import {
  duplicate,
  forbiddenField,
  negative,
  notAPort,
  notThere,
  required,
  unsupported,
  wrong,
} from "./field-errors.ts";
import { formatFaults } from "./name-validation.ts";

/** The faults of a pod's spec that stands at the path. */
export function podSpecFaults(spec: PodSpec | undefined, path: string): FieldError[] {
  const faults: FieldError[] = [];
  const containers = spec?.containers ?? [];
  const initContainers = spec?.initContainers ?? [];
  if (containers.length === 0) faults.push(required(`${path}.containers`));
  const volumes = new Set<string>();
  for (const [i, { name }] of (spec?.volumes ?? []).entries()) {
    const field = `${path}.volumes[${i}].name`;
    if (!name) faults.push(required(field));
    else if (volumes.has(name)) faults.push(duplicate(field, name));
    else faults.push(...formatFaults(field, name, "label"));
    volumes.add(name);
  }
  const names = new Set<string>();
  for (const [list, each] of [
    ["containers", containers],
    ["initContainers", initContainers],
  ] as const) {
    for (const [i, container] of each.entries()) {
      const field = `${path}.${list}[${i}]`;
      faults.push(...containerFaults(container, field, volumes));
      if (container.name && names.has(container.name))
        faults.push(duplicate(`${field}.name`, container.name));
      names.add(container.name);
    }
  }
  faults.push(...unsupported(`${path}.restartPolicy`, spec?.restartPolicy, ["Always", "OnFailure", "Never"]));
  faults.push(...negative(`${path}.terminationGracePeriodSeconds`, spec?.terminationGracePeriodSeconds));
  return faults;
}

function containerFaults(container: Container, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const { name, image, imagePullPolicy, ports = [], env = [] } = container;
  const faults: FieldError[] = [];
  if (name) faults.push(...formatFaults(`${path}.name`, name, "label"));
  else faults.push(required(`${path}.name`));
  if (!image) faults.push(required(`${path}.image`));
  else if (image.trim() !== image) {
    faults.push(wrong(`${path}.image`, image, "must not have leading or trailing whitespace"));
  }
  const portNames = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const field = `${path}.ports[${i}]`;
    if (!port.containerPort) faults.push(required(`${field}.containerPort`));
    else faults.push(...notAPort(`${field}.containerPort`, port.containerPort));
    faults.push(...unsupported(`${field}.protocol`, port.protocol, ["SCTP", "TCP", "UDP"]));
    if (port.name === undefined) continue;
    if (portNames.has(port.name)) faults.push(duplicate(`${field}.name`, port.name));
    portNames.add(port.name);
  }
  const policies = ["Always", "IfNotPresent", "Never"];
  faults.push(...unsupported(`${path}.imagePullPolicy`, imagePullPolicy, policies));
  for (const [i, { name: variable }] of env.entries()) {
    if (!variable) faults.push(required(`${path}.env[${i}].name`));
    else if (!/^[\x20-\x3c\x3e-\x7e]+$/.test(variable)) {
      const why =
        "a valid environment variable name must consist only of printable ASCII characters other than '='";
      faults.push(wrong(`${path}.env[${i}].name`, variable, why));
    }
  }
  faults.push(...mountFaults(container, path, volumes));
  faults.push(...resourceFaults(container, `${path}.resources`));
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"] as const) {
    faults.push(...probeFaults(container[probe], `${path}.${probe}`, probe !== "readinessProbe"));
  }
  return faults;
}

function mountFaults(container: Container, path: string, volumes: ReadonlySet<string>): FieldError[] {
  const mounts = (container["volumeMounts"] ?? []) as readonly { name?: string; mountPath?: string }[];
  const paths = new Set<string>();
  return mounts.flatMap(({ name, mountPath }, i) => {
    const field = `${path}.volumeMounts[${i}]`;
    const faults: FieldError[] = [];
    if (!name) faults.push(required(`${field}.name`));
    else if (!volumes.has(name)) faults.push(notThere(`${field}.name`, name));
    if (!mountPath) faults.push(required(`${field}.mountPath`));
    else if (paths.has(mountPath)) faults.push(wrong(`${field}.mountPath`, mountPath, "must be unique"));
    paths.add(mountPath ?? "");
    return faults;
  });
}

function resourceFaults({ resources }: Container, path: string): FieldError[] {
  const { limits = {}, requests = {} }: { limits?: Texts; requests?: Texts } = resources ?? {};
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name];
    if (limit === undefined || parseQuantity(request) <= parseQuantity(limit)) return [];
    const field = `${path}.requests`;
    return [wrong(field, request, `must be less than or equal to ${name} limit of ${limit}`)];
  });
}

const PROBE_NUMBERS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

function probeFaults(probe: Probe | undefined, path: string, isOneSuccess: boolean): FieldError[] {
  if (probe === undefined) return [];
  const { httpGet, tcpSocket, exec } = probe;
  const faults: FieldError[] = [];
  const handlers = [httpGet, tcpSocket, exec, (probe as { grpc?: unknown }).grpc];
  if (handlers.every((each) => each === undefined)) {
    faults.push(required(path, "must specify a handler type"));
  }
  for (const [name, handler] of [["httpGet", httpGet] as const, ["tcpSocket", tcpSocket] as const]) {
    if (typeof handler?.port === "number") faults.push(...notAPort(`${path}.${name}.port`, handler.port));
  }
  if (exec !== undefined && (exec.command ?? []).length === 0) faults.push(required(`${path}.exec.command`));
  for (const number of PROBE_NUMBERS) {
    faults.push(...negative(`${path}.${number}`, probe[number]));
  }
  if (isOneSuccess && probe.successThreshold !== undefined && probe.successThreshold !== 1) {
    faults.push(wrong(`${path}.successThreshold`, probe.successThreshold, "must be 1"));
  }
  return faults;
}

const MAY_CHANGE =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** What of a pod's spec must stay once it is there. */
function fixedPart(spec: PodSpec): unknown {
  const withoutImage = ({ image: _image, ...rest }: Container) => rest;
  const { containers, initContainers, nodeName: _nodeName, ...rest } = spec;
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    schedulingGates: _gates,
    ...fixed
  } = rest;
  return {
    ...fixed,
    containers: containers.map(withoutImage),
    initContainers: initContainers?.map(withoutImage),
  };
}

/** Refuses a Pod that cannot run, and changes of a pod that is there. */
export function validatePod(
  resource: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
): void {
  const { spec } = object as Pod;
  const faults = podSpecFaults(spec, "spec");
  const before = (previous as Pod | undefined)?.spec;
  if (before !== undefined && before !== spec && !isSameJson(fixedPart(before), fixedPart(spec))) {
    faults.push(forbiddenField("spec", MAY_CHANGE));
  }
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}
