// What an object counts for in a ResourceQuota. Pure.
import type { Pod } from "../../api-server/kinds.ts";
import type { KubeObject } from "../../api-server/kube-object.ts";
import type { ResourceDefinition } from "../../api-server/resource-definition.ts";
import { isTerminal } from "../pod-readiness.ts";
import { podResources, type Resources } from "../pod-resources.ts";

/** Resources that a quota may also name without `count/`. */
const PLAIN_COUNTS = new Set(["services", "secrets", "configmaps", "resourcequotas"]);
const COMPUTE = ["cpu", "memory", "ephemeral-storage"];

/** The amounts by the names that quotas use: `pods`, `requests.cpu`, `count/deployments.apps`. */
export function usageOf(resource: ResourceDefinition, object: KubeObject): Resources {
  const qualified = resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
  const usage: Record<string, number> = { [`count/${qualified}`]: 1 };
  if (PLAIN_COUNTS.has(resource.id)) usage[resource.id] = 1;
  if (resource.id === "pods" && !isTerminal(object as Pod)) Object.assign(usage, podUsage(object as Pod));
  return usage;
}

function podUsage({ spec }: Pod): Resources {
  const requests = podResources(spec, "requests");
  const limits = podResources(spec, "limits");
  const usage: Record<string, number> = { pods: 1 };
  for (const name of COMPUTE) {
    usage[name] = requests[name] ?? 0;
    usage[`requests.${name}`] = requests[name] ?? 0;
    usage[`limits.${name}`] = limits[name] ?? 0;
  }
  return usage;
}

/** What a pod under a quota on these names has to state and does not: "limits.cpu for: app". */
export function unstated({ spec }: Pod, names: readonly string[]): readonly string[] {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])];
  return [...names].sort().flatMap((name) => {
    const [, kind = "requests", compute = ""] = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(name) ?? [];
    if (compute === "") return [];
    const missing = containers.filter(({ resources }) => {
      const { limits, requests } = resources ?? {};
      const stated = kind === "limits" ? limits?.[compute] : (requests?.[compute] ?? limits?.[compute]);
      return stated === undefined;
    });
    const list = missing.map((container) => container.name).sort();
    return list.length > 0 ? [`${name} for: ${list.join(",")}`] : [];
  });
}
