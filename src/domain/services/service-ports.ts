// Which ports of a Service the pods of a template do not have. Pure.
import type { PartialPort, ServiceView } from "../snapshot/service.ts";
import type { TemplateView } from "../snapshot/template.ts";

/**
 * The Service's ports that no container of the template has by name: the endpoint controller leaves them out. A number is
 * always taken, whether or not anything listens on it.
 */
export function unservedPorts(
  { ports }: Pick<ServiceView, "ports">,
  template: TemplateView,
): readonly string[] {
  const declared = portNames(template);
  const missing = ports.flatMap(({ targetPort }) =>
    typeof targetPort === "string" && !declared.has(targetPort) ? [targetPort] : [],
  );
  return missing.length === ports.length ? missing : [];
}

/** The named ports of the Service that the old template has and the new one has not, and that not all endpoints have. */
export function lostPorts(
  { partialPorts = [] }: Pick<ServiceView, "partialPorts">,
  template: TemplateView,
  former: TemplateView | undefined,
): readonly PartialPort[] {
  if (former === undefined) return [];
  const [present, before] = [portNames(template), portNames(former)];
  return partialPorts.filter(({ targetPort }) => before.has(targetPort) && !present.has(targetPort));
}

/** The names of the ports of its containers. */
export function portNames({ containers }: TemplateView): ReadonlySet<string | undefined> {
  return new Set(containers.flatMap(({ ports }) => ports.map(({ name }) => name)));
}
