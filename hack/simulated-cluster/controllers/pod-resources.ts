// What a pod asks of a node and may use there: its containers together, or its largest init container. Pure.
import type { Container, PodSpec } from "../api-server/kinds.ts";
import { parseQuantity } from "../api-server/quantity.ts";

/** Amounts by resource name ("cpu", "memory"). */
export type Resources = Readonly<Record<string, number>>;

/**
 * The sum of the containers and sidecars; or what an init container needs beside the sidecars that started before it,
 * where that is more.
 */
export function podResources(spec: PodSpec, kind: "requests" | "limits"): Resources {
  const running: Record<string, number> = {};
  const largest: Record<string, number> = {};
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === "Always") addTo(running, of(container, kind));
    else {
      const needed = addTo({ ...running }, of(container, kind));
      for (const [name, amount] of Object.entries(needed))
        largest[name] = Math.max(largest[name] ?? 0, amount);
    }
  }
  for (const container of spec.containers) addTo(running, of(container, kind));
  for (const [name, amount] of Object.entries(largest)) running[name] = Math.max(running[name] ?? 0, amount);
  return running;
}

function of({ resources }: Container, kind: "requests" | "limits"): Resources {
  const limits = resources?.limits ?? {};
  // A limit without a request is the request too.
  const texts = kind === "limits" ? limits : { ...limits, ...resources?.requests };
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parseQuantity(text)]));
}

function addTo(total: Record<string, number>, more: Resources): Record<string, number> {
  for (const [name, amount] of Object.entries(more)) total[name] = (total[name] ?? 0) + amount;
  return total;
}
