// Does the scheduler know what a container needs?
import type { Field } from "../field.ts";
import type { StaticCheck } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { lastingContainers, type Workload } from "../workload.ts";

export const missingResources: StaticCheck = {
  id: "missing-resources",
  severity: "warning",
  meaning: "A container requests no processor time or memory, or has no memory limit",
  advice:
    "Without requests the scheduler takes a container for free. A limit counts as the request too, and a LimitRange among the manifests as both. A missing memory limit alone is information.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      if (hasDefaults(workload, inventory)) continue;
      for (const { name, field } of lastingContainers(workload)) {
        const resources = field.at("resources");
        const missing = ["cpu", "memory"].filter((what) => !isAsked(resources, what));
        const problem = { manifest: workload.manifest, field: resources };
        const container = `Container ${name} of ${workload.title}`;
        if (missing.length > 0) {
          yield {
            ...problem,
            message: `${container} requests no ${missing.join(" and no ")}: nodes are filled without counting it, and it is the first to be evicted.`,
            fix: `Write ${missing.map((what) => `\`${what}: …\``).join(" and ")} into resources.requests, as much as it uses on a busy day.`,
          };
        } else if (!resources.at("limits", "memory").isThere) {
          yield {
            ...problem,
            severity: "info",
            message: `${container} has no memory limit: a leak takes the memory of its neighbours first.`,
            fix: "Write `memory: …` into resources.limits.",
          };
        }
      }
    }
  },
};

/** A limit alone is the request too. */
function isAsked(resources: Field, what: string): boolean {
  return resources.at("requests", what).isThere || resources.at("limits", what).isThere;
}

function hasDefaults({ manifest }: Workload, inventory: Inventory): boolean {
  return inventory.ofKind("", "LimitRange").some(
    (range) =>
      range.scope === manifest.scope &&
      range.root
        .at("spec", "limits")
        .items()
        .some((limit) => limit.at("defaultRequest").isThere || limit.at("default").isThere),
  );
}
