// Can Kubernetes tell whether the application serves?
import type { Severity, StaticCheck } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { probeOf } from "../probes.ts";
import type { Container, Workload } from "../workload.ts";

export const missingReadinessProbe: StaticCheck = {
  id: "missing-readiness-probe",
  severity: "warning",
  meaning: "A container that serves has no readiness probe: Running counts as working",
  advice:
    "Without it a pod is ready as soon as its process runs: a rollout of a version that serves nothing counts as complete, and takes the working pods away. It is information where no Service sends.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      if (workload.isBatch || workload.manifest.kind === "Pod") continue;
      for (const container of workload.containers) {
        if (container.role !== "main" || probeOf(container, "readiness")) continue;
        yield {
          manifest: workload.manifest,
          field: container.field,
          severity: severityFor(container, workload, inventory),
          message: `Container ${container.name} of ${workload.title} has no readiness probe: it counts as ready, and a rollout as complete, when its process runs.`,
          fix: "Add a readinessProbe that asks the application itself, such as `httpGet: {path: /ready, port: …}`.",
        };
      }
    }
  },
};

/** A warning where traffic arrives. */
function severityFor({ ports }: Container, workload: Workload, inventory: Inventory): Severity {
  const targets = inventory
    .servicesOf(workload)
    .flatMap((service) => service.ports.map(({ target }) => target));
  // The Services may not be here, or select nothing yet.
  if (targets.length === 0) return ports.length > 0 ? "warning" : "info";
  const isServed = ports.some(({ number, name }) => targets.includes(number) || targets.includes(name));
  return isServed || workload.containers.length === 1 ? "warning" : "info";
}
