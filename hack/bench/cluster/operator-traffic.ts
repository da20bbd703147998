// Counts what the operator asks of the cluster.
import type { ApiRequest, SimulatedCluster } from "@rolloutguard/simulated-cluster";
import type { OperatorTraffic } from "./commands.ts";

/** How the operator's User-Agent begins. */
const OPERATOR = "rolloutguard/";

/** How lists of the whole cluster are marked: they fill the caches, or stand for a watch where sockets are few. */
const OF_ALL = " of all namespaces";

/** How many of the counted requests there are, without lists of the whole cluster. */
export function requestsForWork(requests: OperatorTraffic["requests"]): number {
  return Object.entries(requests).reduce(
    (sum, [what, count]) => (what.endsWith(OF_ALL) ? sum : sum + count),
    0,
  );
}

export interface TrafficCounter {
  take(reset: boolean): OperatorTraffic;
  /** Calls back for every request of the operator other than watches, at the moment when it was read in full. */
  onRequest(listener: (request: ApiRequest, at: number) => void): void;
}

/** Counts from now on. */
export function countTraffic(cluster: SimulatedCluster): TrafficCounter {
  let requests: Record<string, number> = {};
  let firstRequestAt: number | undefined;
  let lastRequestAt: number | undefined;
  const listeners: ((request: ApiRequest, at: number) => void)[] = [];
  const guardsWithStatus = new Set<string>();
  let answeredUntil = cluster.requests.all().length;

  cluster.onRequest((request) => {
    if (!request.userAgent.startsWith(OPERATOR)) return undefined;
    firstRequestAt ??= Date.now();
    if (request.verb === "watch") return undefined;
    lastRequestAt = Date.now();
    const { verb, target, path } = request;
    const isOfAll = verb === "list" && target?.namespace === "";
    const what = `${verb} ${target?.resource ?? path}${isOfAll ? OF_ALL : ""}`;
    requests[what] = (requests[what] ?? 0) + 1;
    const at = performance.now();
    for (const listener of listeners) listener(request, at);
    return undefined;
  });
  cluster.store.subscribe("rolloutguards", ({ object: { metadata, status } }) => {
    if ((status as { phase?: string } | undefined)?.phase !== undefined) guardsWithStatus.add(metadata.uid);
  });

  function refusals(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status, userAgent } of cluster.requests.all().slice(answeredUntil)) {
      if (userAgent.startsWith(OPERATOR) && status >= 300) counts[status] = (counts[status] ?? 0) + 1;
    }
    return counts;
  }

  return {
    take(reset) {
      const taken = {
        firstRequestAt,
        lastRequestAt,
        requests,
        refusals: refusals(),
        sockets: cluster.openSockets(),
        peakSockets: cluster.peakSockets(),
        watches: cluster.openWatches(),
        guardsWithStatus: guardsWithStatus.size,
      };
      if (reset) {
        requests = {};
        cluster.requests.clear();
        answeredUntil = 0;
        cluster.resetPeakSockets();
      }
      return taken;
    },
    onRequest: (listener) => listeners.push(listener),
  };
}
