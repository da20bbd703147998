// What pods request, as a quota counts it.
import type { Field } from "./field.ts";
import type { Inventory } from "./inventory.ts";
import type { Manifest } from "./manifest.ts";
import { quantityOf } from "./quantity.ts";
import { lastingContainers, type Workload } from "./workload.ts";

/** Requests or limits of one resource. */
export interface Part {
  readonly of: "requests" | "limits";
  readonly resource: "cpu" | "memory";
}

/** What a key of a quota counts: "cpu" counts requests. */
export function partOf(key: string): Part | undefined {
  const [, of = "requests", resource] = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(key) ?? [];
  if (resource !== "cpu" && resource !== "memory") return undefined;
  return { of: of === "limits" ? "limits" : "requests", resource };
}

/** The default that a LimitRange beside the workload gives to containers. */
export function defaultOf(
  { scope }: Manifest,
  { of, resource }: Part,
  inventory: Inventory,
): number | undefined {
  const limits = inventory
    .inScope(scope, "", "LimitRange")
    .flatMap((range) => range.root.at("spec", "limits").items());
  const keys = of === "limits" ? ["default", "max"] : ["defaultRequest", "default", "min", "max"];
  for (const key of keys) {
    for (const limit of limits) {
      const amount = quantityOf(limit.at(key, resource));
      if (amount !== undefined) return amount;
    }
  }
  return undefined;
}

/** How much of it a pod of the workload counts for. */
export function podAmount(workload: Workload, part: Part, inventory: Inventory): number {
  const ofContainer = ({ field }: { readonly field: Field }) =>
    quantityOf(field.at("resources", part.of, part.resource)) ??
    (part.of === "requests" ? quantityOf(field.at("resources", "limits", part.resource)) : undefined) ??
    defaultOf(workload.manifest, part, inventory) ??
    0;
  const lasting = lastingContainers(workload).reduce((sum, container) => sum + ofContainer(container), 0);
  // Init containers run one after the other, before the others.
  const init = workload.containers.filter(({ role }) => role === "init").map(ofContainer);
  return Math.max(lasting, ...init);
}
