// Where metrics come from that no part of the controller keeps: the client's answers and the caches' contents.
import type { Caches } from "../kube/caches/caches.ts";
import type { ResponseReport } from "../kube/connection/exchange.ts";
import { RESOURCES, type ResourceName } from "../kube/resources.ts";
import { apiCodeLabel } from "../telemetry/metric-table.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** Counts each answer of the API server. */
export function countResponses({ apiRequests }: Metrics): (report: ResponseReport) => void {
  return ({ method, code }) => apiRequests.count({ method, code: apiCodeLabel(code) });
}

/** Shows the caches in the gauges, read at each scrape. */
export function showCaches(metrics: Metrics, caches: Caches): void {
  metrics.cacheObjects.readFrom(() => {
    const sizes = caches.sizes();
    return (Object.keys(RESOURCES) as ResourceName[]).map(
      (resource) => [{ resource }, sizes[resource]] as const,
    );
  });
  metrics.readyEndpoints.readFrom(() =>
    boundedByNamespace(
      Array.from(
        caches.serviceEndpoints(),
        ({ namespace, service, ready }) => [{ namespace, service }, ready] as const,
      ),
    ),
  );
}

/** Whoever can make guards and Services in one namespace must not fill up everybody's Prometheus. */
const MOST_SERIES_OF_NAMESPACE = 200;

/** The first series of each namespace. */
export function boundedByNamespace<L extends { readonly namespace: string }>(
  series: readonly (readonly [labels: L, value: number])[],
): readonly (readonly [labels: L, value: number])[] {
  const counts = new Map<string, number>();
  return series.filter(([{ namespace }]) => {
    const count = (counts.get(namespace) ?? 0) + 1;
    counts.set(namespace, count);
    return count <= MOST_SERIES_OF_NAMESPACE;
  });
}
