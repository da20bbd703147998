// What the operator reads: a reflector for each resource and scope, with its restarts counted and its problems told.

import type { Caches } from "../kube/caches/caches.ts";
import type { Clock } from "../kube/clock.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { NamespaceReader } from "../kube/reflector/namespace-reader.ts";
import { Reflector } from "../kube/reflector/reflector.ts";
import type { ResourceName } from "../kube/resources.ts";
import { REVISION_RESOURCES, WORKLOAD_RESOURCES } from "../kube/workloads/ports-by-kind.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import { createNamespaceSource } from "./namespace-source.ts";
import { type ReadingProblems, readingProblems } from "./reading-problems.ts";
import type { Source } from "./source.ts";

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

/**
 * The sources, not started. Guards are read first: what is in namespaces without any is not kept (ADR 9). Where
 * connections are few the first get a watch, so the most urgent come first.
 */
export function createSources(options: SourcesOptions): Source[] {
  const { client, caches, clock, hasEndpointSlices } = options;
  const problems = readingProblems(options);
  caches.onUnreadable(problems.unreadable);
  const scopes = options.namespaces.length > 0 ? options.namespaces : [undefined];
  const all: ReflectedSource[] = [];
  const read = (resource: ResourceName, after: readonly Source[]) =>
    scopes.map((namespace) => {
      // What one of them notices is true of all.
      const onServerRestored = () => {
        for (const other of all) if (other !== source) other.relist();
      };
      const source = sourceOf(options, problems, { resource, namespace, after, onServerRestored });
      all.push(source);
      return source;
    });

  const urgent: readonly ResourceName[] = [
    "pods",
    ...WORKLOAD_RESOURCES,
    hasEndpointSlices ? "endpointslices" : "endpoints",
    ...REVISION_RESOURCES,
    "services",
  ];
  const guards = read("rolloutguards", []);
  const others = [...urgent, "incidents", "events"] as const;
  const otherSources = others.flatMap((resource) => read(resource, guards));
  const reader = new NamespaceReader({
    feedsOf: (namespace) =>
      ([...urgent, "events"] as const).map((resource) => ({
        client,
        clock,
        resource,
        namespace,
        sink: caches.sinkFor(resource, namespace),
        onProblem: problems.withSource(`${resource} of ${namespace}`),
        onLeftOut: problems.leftOut(resource),
        isOnlyEvidence: resource === "events",
      })),
    onRead: (namespace) => caches.markRead([namespace]),
  });
  return [
    ...guards,
    ...otherSources,
    createNamespaceSource({ caches, reader, guards, others: otherSources }),
  ];
}

interface Scope {
  readonly resource: ResourceName;
  readonly namespace: string | undefined;
  /** What must have been read before. */
  readonly after: readonly Source[];
  /** The API server has gone back to an earlier state. */
  readonly onServerRestored: () => void;
}

/** A source that a reflector fills. */
interface ReflectedSource extends Source {
  /** Reads everything again; not current until then. */
  relist(): void;
}

/** Since when all that decisions wait for is current again (epoch ms); undefined while nothing has ever been missed. */
export function currentSinceAt(sources: readonly Source[]): number | undefined {
  const regained = sources.flatMap(({ isOnlyEvidence, regainedAt }) =>
    isOnlyEvidence ? [] : (regainedAt ?? []),
  );
  return regained.length > 0 ? Math.max(...regained) : undefined;
}

function sourceOf(
  { client, caches, clock, metrics }: SourcesOptions,
  problems: ReadingProblems,
  { resource, namespace, after, onServerRestored }: Scope,
): ReflectedSource {
  const name = namespace === undefined ? resource : `${resource} of ${namespace}`;
  const tell = problems.withSource(name);
  let problem: string | undefined;
  let startedAt: number | undefined;
  const reflector = new Reflector({
    client,
    clock,
    resource,
    namespace,
    sink: caches.sinkFor(resource, namespace),
    onRestart: (reason) => metrics.watchRestarts.count({ resource, reason }),
    onProblem: (message, error) => {
      problem = message;
      tell(message, error);
    },
    onLeftOut: problems.leftOut(resource),
    onServerRestored,
  });
  const waiting = new AbortController();
  return {
    name,
    resource,
    namespace,
    get behindSinceAt() {
      // A first list can be long; one that fails is another matter.
      const isKeptFromSyncing = !reflector.hasSynced && problem !== undefined;
      return reflector.behindSinceAt ?? (isKeptFromSyncing ? startedAt : undefined);
    },
    get problem() {
      return problem;
    },
    get hasSynced() {
      return reflector.hasSynced;
    },
    get isCurrent() {
      return reflector.isCurrent;
    },
    get regainedAt() {
      return reflector.regainedAt;
    },
    isOnlyEvidence: resource === "events",
    start: () => {
      const isNext = Promise.all(after.map((source) => source.whenSynced(waiting.signal)));
      isNext.then(
        () => {
          startedAt = clock.now();
          reflector.start();
        },
        () => {}, // stopped before its turn
      );
    },
    whenSynced: (signal) => reflector.whenSynced(signal),
    relist: () => reflector.relist(),
    stop: () => {
      waiting.abort();
      return reflector.stop();
    },
  };
}
