// What the operator watches: a reflector for each resource and scope, with its restarts counted and its problems told.

import type { Caches, UnreadableObject } from "../kube/caches/caches.ts";
import type { Clock } from "../kube/clock.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { Reflector } from "../kube/reflector/reflector.ts";
import type { ResourceName } from "../kube/resources.ts";
import { Complaints } from "../telemetry/complaints.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Source } from "./controller.ts";

export interface SourcesOptions {
  readonly client: ApiClient;
  readonly caches: Caches;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, "watchRestarts">;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
  /** Whether discovery.k8s.io/v1 is served; else Endpoints are watched. */
  readonly hasEndpointSlices: boolean;
}

/** The same problem again within this time is not told again. */
const SAME_PROBLEM_MS = 5 * 60_000;

/** The sources, not started. Where connections are few the first get a watch, so the most urgent come first. */
export function createSources(options: SourcesOptions): Source[] {
  const resources: readonly ResourceName[] = [
    "pods",
    "deployments",
    options.hasEndpointSlices ? "endpointslices" : "endpoints",
    "replicasets",
    "rolloutguards",
    "services",
    "incidents",
    "events",
  ];
  const scopes = options.namespaces.length > 0 ? options.namespaces : [undefined];
  const tell = teller(options);
  options.caches.onUnreadable(tell);
  return resources.flatMap((resource) =>
    scopes.map((namespace) => sourceOf(options, tell, resource, namespace)),
  );
}

/** Says what is wrong with an object once, however often it is read again. */
function teller({ clock, logger }: SourcesOptions): (unreadable: UnreadableObject) => void {
  const complaints = new Complaints({ quietMs: Number.POSITIVE_INFINITY });
  return ({ resource, object = "(none)", problem }) => {
    if (!complaints.isNews(`${resource} ${object}`, problem, clock.now())) return;
    logger.warn(`an object cannot be read: ${problem}`, { resource, object });
  };
}

function sourceOf(
  options: SourcesOptions,
  tell: (unreadable: UnreadableObject) => void,
  resource: ResourceName,
  namespace: string | undefined,
): Source {
  const { client, caches, clock, logger, metrics } = options;
  const name = namespace === undefined ? resource : `${resource} of ${namespace}`;
  const complaints = new Complaints({ quietMs: SAME_PROBLEM_MS });
  const reflector = new Reflector({
    client,
    clock,
    resource,
    namespace,
    sink: caches.sinkFor(resource, namespace),
    onRestart: (reason) => metrics.watchRestarts.count({ resource, reason }),
    onProblem: (message, error) => {
      if (complaints.isNews(name, message, clock.now())) logger.warn(message, { source: name, error });
    },
    onLeftOut: (object, problem) => tell({ resource, object, problem }),
  });
  return {
    name,
    get hasSynced() {
      return reflector.hasSynced;
    },
    get isCurrent() {
      return reflector.isCurrent;
    },
    isOnlyEvidence: resource === "events",
    start: () => reflector.start(),
    whenSynced: (signal) => reflector.whenSynced(signal),
    stop: () => reflector.stop(),
  };
}
