// Do Ingresses and routes ask for ports that the Services have?
import type { Field } from "../field.ts";
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { type Manifest, titleOf } from "../manifest.ts";
import { ingressBackends, routeBackends } from "../references/object-references.ts";

export const backendPort: LintRule = {
  id: "backend-port",
  severity: "error",
  meaning: "An Ingress or a route sends to a port that the Service does not have",
  advice:
    "An Ingress names a port of the Service, not of the container. Controllers answer requests for a port that the Service does not have with 503 or 404.",
  *run(inventory) {
    for (const manifest of inventory.manifests) {
      for (const { name, port, namespace } of backendsOf(manifest)) {
        const service = serviceNamed(name, namespace, manifest, inventory);
        if (service !== undefined && port.isThere) yield* judge(manifest, port, service);
      }
    }
  },
};

interface Backend {
  readonly name: string | undefined;
  readonly namespace?: string | undefined;
  /** A number or a name. */
  readonly port: Field;
}

function backendsOf(manifest: Manifest): readonly Backend[] {
  if (manifest.kind === "Ingress") {
    return ingressBackends(manifest).flatMap((backend) => {
      const port = backend.at("service", "port");
      return [
        {
          name: backend.at("service", "name").text,
          port: port.at(port.at("name").isThere ? "name" : "number"),
        },
        { name: backend.at("serviceName").text, port: backend.at("servicePort") },
      ];
    });
  }
  if (manifest.group !== "gateway.networking.k8s.io") return [];
  return routeBackends(manifest).map((backend) => ({
    name: backend.at("name").text,
    namespace: backend.at("namespace").text,
    port: backend.at("port"),
  }));
}

function serviceNamed(
  name: string | undefined,
  namespace: string | undefined,
  { scope, namespace: own }: Manifest,
  inventory: Inventory,
): Manifest | undefined {
  return namespace === undefined || namespace === own
    ? inventory.find(scope, "", "Service", name)
    : inventory.ofKind("", "Service").find((one) => one.name === name && one.namespace === namespace);
}

function* judge(manifest: Manifest, port: Field, service: Manifest): Iterable<Problem> {
  const ports = service.root.at("spec", "ports").items();
  const wanted = port.number ?? port.text;
  if (ports.length === 0 || wanted === undefined) return;
  if (ports.some((one) => one.at("port").number === wanted || one.at("name").text === wanted)) return;
  const has = ports.map((one) => [one.at("port").number, one.at("name").text].filter(Boolean).join(" "));
  const byTarget = ports.find((one) => one.at("targetPort").value === wanted);
  const meant = byTarget ?? (ports.length === 1 ? ports[0] : undefined);
  const key = port.path.at(-1) === "name" && typeof wanted === "string" ? "name" : "number";
  const value =
    key === "name" ? (meant?.at("name").text ?? meant?.at("port").number) : meant?.at("port").number;
  yield {
    manifest,
    field: port,
    message: `${titleOf(manifest)} sends to port ${wanted} of ${titleOf(service)}, which has no such port; it has ${has.join(", ")}.`,
    fix:
      value === undefined
        ? "Write the name or the number of one of the Service's ports."
        : `Write ${value}: that is the Service's port${byTarget ? `, ${wanted} is the container's` : ""}.`,
  };
}
