// The ResourceQuota controller: counts anew when a quota changes, and when something goes that was counted.
import type { Pod, ResourceQuota } from "../../api-server/kinds.ts";
import { isSameJson, type KubeObject } from "../../api-server/kube-object.ts";
import type { ApiObjects } from "../../api-server/objects.ts";
import { formatQuantity, parseQuantity } from "../../api-server/quantity.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createKeyQueue, keyFor, parseKey } from "../key-queue.ts";
import { isTerminal } from "../pod-readiness.ts";
import { usageOf } from "./quota-usage.ts";

/** Watches quotas and what they count, until the cluster's time stops. */
export function startQuotaController(parts: ClusterParts): void {
  const { objects } = parts;
  const sync = (key: string): void => {
    const { namespace, name } = parseKey(key);
    syncQuota(objects, namespace, name);
  };
  const queue = createKeyQueue(parts, sync, "resourcequota-controller");
  const enqueue = ({ metadata }: KubeObject): void => queue.add(keyFor(metadata.namespace, metadata.name));

  objects.subscribe("resourcequotas", ({ type, object }) => {
    if (type !== "DELETED") enqueue(object);
  });
  objects.store.subscribe(undefined, ({ type, object, previous }) => {
    const hasEnded =
      object.kind === "Pod" &&
      previous !== undefined &&
      isTerminal(object as Pod) &&
      !isTerminal(previous as Pod);
    if (type !== "DELETED" && !hasEnded) return;
    for (const quota of objects.values("resourcequotas", object.metadata.namespace ?? "")) enqueue(quota);
  });
}

/** Writes into the quota's status what is used. */
export function syncQuota(objects: ApiObjects, namespace: string, name: string): void {
  const quota = objects.get("resourcequotas", namespace, name);
  if (quota === undefined) return;
  const { hard = {} } = quota.spec;
  const totals: Record<string, number> = Object.fromEntries(Object.keys(hard).map((each) => [each, 0]));
  for (const resource of objects.resources.all()) {
    if (!resource.isNamespaced || !isCounted(resource.id, totals)) continue;
    for (const object of objects.store.values(resource, namespace)) {
      const usage = usageOf(resource, object);
      for (const each of Object.keys(totals)) totals[each] = (totals[each] ?? 0) + (usage[each] ?? 0);
    }
  }
  const used = Object.fromEntries(
    Object.entries(totals).map(([each, total]) => [each, formatQuantity(each, total)]),
  );
  const limits = Object.fromEntries(
    Object.entries(hard).map(([each, limit]) => [each, formatQuantity(each, parseQuantity(limit))]),
  );
  const status: ResourceQuota["status"] = { hard: limits, used };
  if (!isSameJson(status, quota.status)) objects.updateStatus("resourcequotas", { ...quota, status });
}

/** Whether objects of the resource can count for any of the names. */
function isCounted(resourceId: string, names: Readonly<Record<string, number>>): boolean {
  return Object.keys(names).some(
    (name) =>
      name === resourceId ||
      name.startsWith(`count/${resourceId}`) ||
      (resourceId === "pods" && !name.startsWith("count/")),
  );
}
