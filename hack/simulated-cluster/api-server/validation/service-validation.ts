// The rules of Services that a wrong manifest runs into, in the API server's words.
import { type FieldError, invalid } from "../api-error.ts";
import type { Service, ServicePort } from "../kinds.ts";
import { isSameJson, type KubeObject } from "../kube-object.ts";
import type { ResourceDefinition } from "../resource-definition.ts";
import { duplicate, notAPort, required, unsupported, wrong } from "./field-errors.ts";
import { formatFaults, labelFaults } from "./name-validation.ts";

type ServiceSpec = Service["spec"] & {
  readonly clusterIPs?: readonly string[];
  readonly externalName?: string;
  readonly sessionAffinity?: string;
};

/** Refuses a Service that cannot work. */
export function validateService(
  resource: ResourceDefinition,
  object: KubeObject,
  previous: KubeObject | undefined,
): void {
  const spec = object.spec as ServiceSpec;
  const { type, clusterIPs, ports = [] } = spec;
  const faults = [
    ...unsupported("spec.type", type, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"]),
    ...unsupported("spec.sessionAffinity", spec.sessionAffinity, ["ClientIP", "None"]),
    ...labelFaults("spec.selector", spec.selector),
  ];
  if (type === "ExternalName" && !spec.externalName) faults.push(required("spec.externalName"));
  if (ports.length === 0 && type !== "ExternalName" && clusterIPs?.[0] !== "None") {
    faults.push(required("spec.ports"));
  }
  faults.push(...portFaults(ports));
  const before = previous?.spec as ServiceSpec | undefined;
  const isAddressed = before?.type !== "ExternalName" && type !== "ExternalName";
  if (before?.clusterIPs !== undefined && isAddressed && !isSameJson(before.clusterIPs, clusterIPs)) {
    faults.push(wrong("spec.clusterIPs[0]", clusterIPs, "may not change once set"));
  }
  if (faults.length > 0) throw invalid(resource, object.metadata.name, faults);
}

function portFaults(ports: readonly ServicePort[]): FieldError[] {
  const names = new Set<string>();
  const numbers = new Set<string>();
  return ports.flatMap(({ name, port, protocol, targetPort }, i) => {
    const path = `spec.ports[${i}]`;
    const faults: FieldError[] = [];
    if (!name && ports.length > 1) faults.push(required(`${path}.name`));
    else if (name) {
      faults.push(...formatFaults(`${path}.name`, name, "label"));
      if (names.has(name)) faults.push(duplicate(`${path}.name`, name));
      names.add(name);
    }
    faults.push(...notAPort(`${path}.port`, port));
    faults.push(...unsupported(`${path}.protocol`, protocol, ["SCTP", "TCP", "UDP"]));
    if (typeof targetPort === "number") faults.push(...notAPort(`${path}.targetPort`, targetPort));
    const key = `${port}/${protocol}`;
    if (numbers.has(key)) faults.push(duplicate(path, { protocol, port }));
    numbers.add(key);
    return faults;
  });
}
