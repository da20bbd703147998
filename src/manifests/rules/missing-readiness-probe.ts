// Can Kubernetes tell whether the application serves?
import type { LintRule, Severity } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { probeOf } from "../probes.ts";
import { type Container, isRolledOut, type Workload } from "../workload.ts";

export const missingReadinessProbe: LintRule = {
  id: "missing-readiness-probe",
  severity: "warning",
  meaning: "A container that serves has no readiness probe: Running counts as working",
  advice:
    "Without it a pod is ready as soon as its process runs: a rollout of a version that serves nothing counts as complete, and takes the working pods away. It is information where no Service sends, and for what is not rolled out.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      if (workload.isBatch || workload.manifest.kind === "Pod") continue;
      const without = workload.containers
        .filter((container) => container.role === "main" && !probeOf(container, "readiness"))
        .map((container) => ({ container, severity: severityFor(container, workload, inventory) }));
      for (const severity of ["warning", "info"] as const) {
        const alike = without.filter((one) => one.severity === severity).map(({ container }) => container);
        const [first] = alike;
        if (first === undefined) continue;
        const one = alike.length === 1;
        yield {
          manifest: workload.manifest,
          field: first.field,
          severity,
          message: `${one ? "Container" : "Containers"} ${alike.map(({ name }) => name).join(", ")} of ${workload.title} ${one ? "has" : "have"} no readiness probe: ${one ? "it counts" : "they count"} as ready, and a rollout as complete, when the process runs.`,
          fix: "Add a readinessProbe that asks the application itself, such as `httpGet: {path: /ready, port: …}`.",
        };
      }
    }
  },
};

/** A warning where traffic arrives during a rollout. */
function severityFor({ ports }: Container, workload: Workload, inventory: Inventory): Severity {
  if (!isRolledOut(workload)) return "info";
  const targets = inventory
    .servicesOf(workload)
    .flatMap((service) => service.ports.map(({ target }) => target));
  // The Services may not be here, or select nothing yet.
  if (targets.length === 0) return ports.length > 0 ? "warning" : "info";
  const isServed = ports.some(({ number, name }) => targets.includes(number) || targets.includes(name));
  return isServed || workload.containers.length === 1 ? "warning" : "info";
}
