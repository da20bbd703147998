// Does the scheduler know what a container needs?
import type { Field } from "../field.ts";
import type { LintRule, Problem } from "../finding.ts";
import type { Inventory } from "../inventory.ts";
import { type Container, isRolledOut, lastingContainers, type Workload } from "../workload.ts";

export const missingResources: LintRule = {
  id: "missing-resources",
  severity: "warning",
  meaning: "A container requests no processor time or memory, or has no memory limit",
  advice:
    "Without requests the scheduler takes a container for free. A limit counts as the request too, and a LimitRange among the manifests as both. A missing memory limit alone is information, and so is all of it for Pods, Jobs and others that are not rolled out.",
  *run(inventory) {
    for (const workload of inventory.workloads) {
      if (hasDefaults(workload, inventory) || isAskedTogether(workload)) continue;
      const containers = lastingContainers(workload);
      const unasked = containers.filter(({ field }) => missingIn(field.at("resources")).length > 0);
      const unlimited = containers.filter(({ field }) => !field.at("resources", "limits", "memory").isThere);
      if (unasked.length > 0) yield withoutRequests(workload, unasked);
      else if (unlimited.length > 0) yield withoutLimit(workload, unlimited);
    }
  },
};

function withoutRequests(workload: Workload, containers: readonly Container[]): Problem {
  const missing = RESOURCES.filter((what) =>
    containers.some(({ field }) => missingIn(field.at("resources")).includes(what)),
  );
  return {
    manifest: workload.manifest,
    field: (containers[0]?.field ?? workload.template).at("resources"),
    ...(!isRolledOut(workload) && { severity: "info" as const }),
    message: `${namesOf(containers, workload)} ${containers.length === 1 ? "requests" : "request"} no ${missing.join(" and no ")}: nodes are filled without counting ${containers.length === 1 ? "it, and it is" : "them, and they are"} the first to be evicted.`,
    fix: `Write ${missing.map((what) => `\`${what}: …\``).join(" and ")} into resources.requests, as much as ${containers.length === 1 ? "it uses" : "they use"} on a busy day.`,
  };
}

function withoutLimit(workload: Workload, containers: readonly Container[]): Problem {
  return {
    manifest: workload.manifest,
    field: (containers[0]?.field ?? workload.template).at("resources"),
    severity: "info",
    message: `${namesOf(containers, workload)} ${containers.length === 1 ? "has" : "have"} no memory limit: a leak takes the memory of the neighbours first.`,
    fix: "Write `memory: …` into resources.limits.",
  };
}

function namesOf(containers: readonly Container[], { title }: Workload): string {
  return `${containers.length === 1 ? "Container" : "Containers"} ${containers.map(({ name }) => name).join(", ")} of ${title}`;
}

const RESOURCES = ["cpu", "memory"];

function missingIn(resources: Field): readonly string[] {
  return RESOURCES.filter((what) => !isAsked(resources, what));
}

/** A limit alone is the request too. */
function isAsked(resources: Field, what: string): boolean {
  return resources.at("requests", what).isThere || resources.at("limits", what).isThere;
}

/** The pod has requests or limits for all of its containers together. */
function isAskedTogether({ template }: Workload): boolean {
  return missingIn(template.at("spec", "resources")).length === 0;
}

function hasDefaults({ manifest }: Workload, inventory: Inventory): boolean {
  return inventory.inScope(manifest.scope, "", "LimitRange").some((range) =>
    range.root
      .at("spec", "limits")
      .items()
      .some((limit) => limit.at("defaultRequest").isThere || limit.at("default").isThere),
  );
}
