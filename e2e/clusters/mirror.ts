// What is in the cluster, as watches tell it, with when each change arrived: scenarios look here and never poll.

import type { KubeObject, ObjectOf } from "@rolloutguard/simulated-cluster/objects";
import type { ClusterClient, WatchEvent } from "./cluster-client.ts";
import { type ClusterUnderTest, pass } from "./cluster-under-test.ts";
import { type Plural, pathOf } from "./resource-paths.ts";

const WATCHED = [
  "deployments",
  "replicasets",
  "pods",
  "endpointslices",
  "events",
  "rolloutguards",
  "incidents",
] as const satisfies readonly Plural[];
export type Watched = (typeof WATCHED)[number];

/** One change of an object. */
export interface Change<Name extends Watched = Watched> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: ObjectOf<Name>;
  /** When it arrived here (epoch ms of the cluster's clock). */
  readonly at: number;
}

export interface Mirror {
  /** Resolves when the first lists are in. Rejects when one is refused. */
  readonly filled: Promise<unknown>;
  get<Name extends Watched>(plural: Name, namespace: string, name: string): ObjectOf<Name> | undefined;
  list<Name extends Watched>(plural: Name, namespace: string): ObjectOf<Name>[];
  /** Every change of the namespace's objects since the mirror began, in the order in which they arrived. */
  changes<Name extends Watched>(plural: Name, namespace: string): readonly Change<Name>[];
  /** What `look` finds in the mirror, as soon as a change of the namespace lets it; undefined when time is up. */
  await<T>(namespace: string, look: () => T | undefined | false, withinMs: number): Promise<T | undefined>;
  stop(): void;
}

/** What a mirror has of one namespace. */
interface Room {
  readonly objects: Map<string, KubeObject>;
  readonly changes: Map<Watched, Change[]>;
  readonly lookers: Set<() => void>;
}

/** How long after a watch that failed the next is tried (real time). */
const AGAIN_MS = 500;

/** Watches the whole cluster until `stop`; keeps the namespaces that `isOurs` accepts. */
export function startMirror(
  cluster: ClusterUnderTest,
  client: ClusterClient,
  isOurs: (namespace: string) => boolean,
): Mirror {
  const rooms = new Map<string, Room>();
  const stopping = new AbortController();
  const filled = Promise.all(WATCHED.map((plural) => follow(plural)));

  function room(namespace: string): Room {
    let found = rooms.get(namespace);
    if (found === undefined) {
      found = { objects: new Map(), changes: new Map(), lookers: new Set() };
      rooms.set(namespace, found);
    }
    return found;
  }

  function take(plural: Watched, type: Change["type"], object: KubeObject): void {
    const { namespace = "", name } = object.metadata;
    if (!isOurs(namespace)) return;
    const { objects, changes, lookers } = room(namespace);
    const key = `${plural}/${name}`;
    const before = objects.get(key)?.metadata;
    if (type !== "DELETED" && before?.resourceVersion === object.metadata.resourceVersion) return;
    if (type === "DELETED") objects.delete(key);
    else objects.set(key, object);
    const past = changes.get(plural) ?? [];
    changes.set(plural, past);
    past.push({ type, object: object as ObjectOf<Watched>, at: cluster.now() });
    for (const look of lookers) look();
  }

  /** A whole list: what is not in it was deleted while nobody looked. */
  function replace(plural: Watched, items: readonly KubeObject[]): void {
    const present = new Set(items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
    for (const { objects } of rooms.values()) {
      for (const [key, object] of objects) {
        const { namespace, name } = object.metadata;
        const isGone = key.startsWith(`${plural}/`) && !present.has(`${namespace}/${name}`);
        if (isGone) take(plural, "DELETED", object);
      }
    }
    for (const item of items) take(plural, "ADDED", item);
  }

  async function follow(plural: Watched): Promise<void> {
    const version = await list(plural);
    void keepWatching(plural, version);
  }

  async function list(plural: Watched): Promise<string> {
    const { items, metadata } = await client.send<{
      items: KubeObject[];
      metadata: { resourceVersion: string };
    }>("GET", pathOf(plural));
    replace(plural, items);
    return metadata.resourceVersion;
  }

  async function keepWatching(plural: Watched, from: string): Promise<void> {
    let version: string | undefined = from;
    const onEvent = ({ type, object }: WatchEvent) => {
      version = type === "ERROR" ? undefined : object.metadata.resourceVersion;
      if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") take(plural, type, object);
    };
    while (!stopping.signal.aborted) {
      try {
        version ??= await list(plural);
        const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${version}`;
        await client.watch(`${pathOf(plural)}?${query}`, onEvent, stopping.signal);
      } catch {
        // A broken watch goes on where it was; one that the server refuses begins with a list.
        version = undefined;
        await pass({ timeScale: 1 }, AGAIN_MS);
      }
    }
  }

  return {
    filled,
    get: (plural, namespace, name) => room(namespace).objects.get(`${plural}/${name}`) as never,
    list: (plural, namespace) =>
      [...room(namespace).objects]
        .filter(([key]) => key.startsWith(`${plural}/`))
        .map(([, object]) => object) as never,
    changes: (plural, namespace) => (room(namespace).changes.get(plural) ?? []) as never,
    await: <T>(namespace: string, look: () => T | undefined | false, withinMs: number) => {
      const { lookers } = room(namespace);
      const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
      const end = (settle: () => void) => {
        clearTimeout(timer);
        lookers.delete(lookOnce);
        settle();
      };
      const lookOnce = () => {
        try {
          const found = look();
          if (found !== undefined && found !== false) end(() => resolve(found));
        } catch (error) {
          end(() => reject(error));
        }
      };
      const timer = setTimeout(() => end(() => resolve(undefined)), withinMs / cluster.timeScale);
      lookers.add(lookOnce);
      lookOnce();
      return promise;
    },
    stop: () => stopping.abort(),
  };
}
