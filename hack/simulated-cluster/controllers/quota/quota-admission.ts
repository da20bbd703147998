// Refuses what goes beyond a ResourceQuota, and counts what is let in.
import type { Pod, ResourceQuota } from "../../api-server/kinds.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { formatQuantity, parseQuantity } from "../../api-server/quantity.ts";
import type { Admission } from "../../api-server/writing/registry.ts";
import type { Resources } from "../pod-resources.ts";
import { unstated, usageOf } from "./quota-usage.ts";

/** The admission plugin: it goes by the quota's status, which the quota controller keeps. */
export function createQuotaAdmission(objects: ApiObjects): Admission {
  return (resource, object, { isDryRun = false }) => {
    const { namespace } = object.metadata;
    if (!resource.isNamespaced || namespace === undefined) return undefined;
    const usage = usageOf(resource, object);
    const affected: ResourceQuota[] = [];
    for (const quota of objects.values("resourcequotas", namespace)) {
      const names = Object.keys(quota.spec.hard ?? {}).filter((name) => usage[name] !== undefined);
      if (names.length === 0) continue;
      const refusal =
        refusalOf(quota, names, usage) ??
        (resource.id === "pods" ? unstatedRefusal(quota, object as Pod, names) : undefined);
      if (refusal !== undefined) return refusal;
      affected.push(quota);
    }
    if (!isDryRun) for (const quota of affected) charge(objects, quota, usage);
    return undefined;
  };
}

function unstatedRefusal(
  { metadata }: ResourceQuota,
  pod: Pod,
  names: readonly string[],
): string | undefined {
  const missing = unstated(pod, names);
  return missing.length > 0
    ? `failed quota: ${metadata.name}: must specify ${missing.join("; ")}`
    : undefined;
}

function refusalOf(quota: ResourceQuota, names: readonly string[], usage: Resources): string | undefined {
  const { name } = quota.metadata;
  const { hard, used } = quota.status;
  const unknown = names.filter((each) => hard?.[each] === undefined || used?.[each] === undefined);
  if (unknown.length > 0) {
    return `status unknown for quota: ${name}, resources: ${unknown.sort().join(",")}`;
  }
  const exceeded = names
    .filter(
      (each) =>
        (usage[each] ?? 0) > 0 &&
        parseQuantity(used?.[each]) + (usage[each] ?? 0) > parseQuantity(hard?.[each]),
    )
    .sort();
  if (exceeded.length === 0) return undefined;
  const list = (amount: (each: string) => string) =>
    exceeded.map((each) => `${each}=${amount(each)}`).join(",");
  return [
    `exceeded quota: ${name}`,
    `requested: ${list((each) => formatQuantity(each, usage[each] ?? 0))}`,
    `used: ${list((each) => used?.[each] ?? "0")}`,
    `limited: ${list((each) => hard?.[each] ?? "0")}`,
  ].join(", ");
}

function charge(objects: ApiObjects, quota: ResourceQuota, usage: Resources): void {
  const used = { ...quota.status.used };
  for (const name of Object.keys(quota.status.hard ?? {})) {
    const more = usage[name] ?? 0;
    if (more > 0) used[name] = formatQuantity(name, parseQuantity(used[name]) + more);
  }
  objects.updateStatus("resourcequotas", { ...quota, status: { ...quota.status, used } });
}
