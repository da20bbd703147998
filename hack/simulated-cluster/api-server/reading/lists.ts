// Lists in pages: all pages of one list show the state at its beginning, as long as the server remembers it.

import type { ApiRequest } from "../../api-request.ts";
import { ApiError, expired } from "../api-error.ts";
import type { KubeObject } from "../kube-object.ts";
import type { ObjectStore } from "../object-store.ts";
import { keyOf } from "../objects.ts";
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import { type ContinueToken, decodeContinue, encodeContinue } from "./continue-token.ts";
import { type ListOptions, readListOptions, tooLargeResourceVersion } from "./list-options.ts";
import { type ObjectFilter, parseSelectors } from "./selectors.ts";

export interface ListPage {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string | undefined;
    readonly remainingItemCount?: number | undefined;
  };
  readonly items: readonly KubeObject[];
}

/** The objects of one state in the order of lists. Shared by all pages and lists of that state. */
interface Snapshot {
  readonly objects: readonly KubeObject[];
  readonly revision: number;
}

/** How many states of unfinished lists are remembered. */
const SNAPSHOTS = 50;
/** Lists that have not gone on for so long are forgotten, as by etcd's compaction (ms of the cluster). */
const SNAPSHOT_LIFE_MS = 5 * 60_000;

const TOO_OLD =
  "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.";

export class Lists {
  readonly #store: ObjectStore;
  readonly #now: () => number;
  readonly #snapshots = new Map<string, { readonly snapshot: Snapshot; readonly usedAt: number }>();

  /** `now` is the cluster's clock. */
  constructor(store: ObjectStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /**
   * The page that the request asks for. Throws an ApiError: 410 when its state is forgotten, 504 when it is yet to
   * come. `asOf` is the revision at which the server's watch cache stands, where it is behind.
   */
  page(
    resource: ResourceDefinition,
    namespace: string,
    { query }: Pick<ApiRequest, "query">,
    asOf?: number,
  ): ListPage {
    const options = readListOptions(query);
    const filter = parseSelectors(resource, query.get("labelSelector"), query.get("fieldSelector"));
    const token = options.continue === "" ? undefined : decodeContinue(options.continue);
    const snapshot = token
      ? this.#continued(resource, namespace, token)
      : this.#chosen(resource, namespace, options, asOf);
    const first = token === undefined ? 0 : firstBehind(snapshot.objects, token.after);
    // As on a real server, limits do not apply to lists from its watch cache (resourceVersion=0).
    const limit = options.resourceVersion === 0 && token === undefined ? 0 : options.limit;
    const { items, next } = take(snapshot.objects, { first, limit, filter });
    const isLast = next === snapshot.objects.length;
    const last = snapshot.objects[next - 1];
    if (!isLast && last !== undefined) this.#remember(resource, namespace, snapshot);
    return {
      kind: `${resource.kind}List`,
      apiVersion: apiVersionOf(resource),
      metadata: {
        resourceVersion: String(snapshot.revision),
        ...(!isLast && {
          continue: encodeContinue({ revision: snapshot.revision, after: last ? keyOf(last) : "" }),
          ...(filter === undefined && { remainingItemCount: snapshot.objects.length - next }),
        }),
      },
      items,
    };
  }

  /** What a server answers that has forgotten the state of a list (410), with a token for going on without it. */
  expiredContinue(token: string): ApiError {
    const { after } = decodeContinue(token);
    return new ExpiredContinue(encodeContinue({ revision: -1, after }));
  }

  /** Forgets the states of unfinished lists. */
  expire(): void {
    this.#snapshots.clear();
  }

  #chosen(
    resource: ResourceDefinition,
    namespace: string,
    options: ListOptions,
    asOf: number | undefined,
  ): Snapshot {
    const { resourceVersion: wanted, resourceVersionMatch: match, limit } = options;
    const { revision } = this.#store;
    const past = wanted === 0 && asOf !== undefined ? this.#snapshotAt(resource, namespace, asOf) : undefined;
    if (past !== undefined) return past;
    if (wanted === undefined || wanted === 0) return this.#newest(resource, namespace);
    if (wanted > revision) throw tooLargeResourceVersion(wanted, revision);
    // With a limit and no match it has always been exact.
    const isExact = match === "Exact" || (match === "" && limit > 0);
    if (!isExact) return this.#newest(resource, namespace);
    const exact = this.#snapshotAt(resource, namespace, wanted);
    if (exact === undefined) throw expired("The resourceVersion for the provided list is too old.");
    return exact;
  }

  #continued(resource: ResourceDefinition, namespace: string, token: ContinueToken): Snapshot {
    const { revision, after } = token;
    if (revision < 0) return this.#newest(resource, namespace);
    const snapshot = this.#snapshotAt(resource, namespace, revision);
    if (snapshot === undefined) throw this.expiredContinue(encodeContinue({ revision, after }));
    return snapshot;
  }

  #newest(resource: ResourceDefinition, namespace: string): Snapshot {
    const { revision } = this.#store;
    const known = this.#snapshots.get(keyOfSnapshot(resource, namespace, revision));
    if (known !== undefined) return known.snapshot;
    return {
      objects: inOrder(this.#store.values(resource, namespace === "" ? undefined : namespace)),
      revision,
    };
  }

  #snapshotAt(resource: ResourceDefinition, namespace: string, revision: number): Snapshot | undefined {
    this.#forgetOld();
    const known = this.#snapshots.get(keyOfSnapshot(resource, namespace, revision));
    if (known !== undefined) return known.snapshot;
    const values = this.#store.valuesAt(resource, namespace === "" ? undefined : namespace, revision);
    return values && { objects: inOrder(values), revision };
  }

  #remember(resource: ResourceDefinition, namespace: string, snapshot: Snapshot): void {
    const key = keyOfSnapshot(resource, namespace, snapshot.revision);
    this.#snapshots.delete(key);
    this.#snapshots.set(key, { snapshot, usedAt: this.#now() });
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
  }

  #forgetOld(): void {
    const limit = this.#now() - SNAPSHOT_LIFE_MS;
    for (const [key, { usedAt }] of this.#snapshots) {
      if (usedAt >= limit) return;
      this.#snapshots.delete(key);
    }
  }
}

/** 410 whose metadata offers a token for the rest, inconsistent with what came before. */
class ExpiredContinue extends ApiError {
  readonly #token: string;

  constructor(token: string) {
    super(410, "Expired", TOO_OLD);
    this.#token = token;
  }

  override status(): Readonly<Record<string, unknown>> {
    return { ...super.status(), metadata: { continue: this.#token } };
  }
}

function keyOfSnapshot({ id }: ResourceDefinition, namespace: string, revision: number): string {
  return `${id} ${namespace} ${revision}`;
}

/** By namespace and name, as etcd has its keys. */
function inOrder(objects: Iterable<KubeObject>): KubeObject[] {
  const byNamespace = new Map<string, KubeObject[]>();
  for (const object of objects) {
    const namespace = `${object.metadata.namespace ?? ""}/`;
    const inNamespace = byNamespace.get(namespace);
    if (inNamespace === undefined) byNamespace.set(namespace, [object]);
    else inNamespace.push(object);
  }
  const namespaces = [...byNamespace].sort(([a], [b]) => (a < b ? -1 : 1));
  return namespaces.flatMap(([, inNamespace]) =>
    inNamespace.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
  );
}

/** The index of the first object whose key is behind this one. */
function firstBehind(objects: readonly KubeObject[], key: string): number {
  let low = 0;
  let high = objects.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const object = objects[middle];
    if (object !== undefined && keyOf(object) > key) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The selected objects of a page, and the index behind it; at the end of the list that is its length. */
function take(
  objects: readonly KubeObject[],
  { first, limit, filter }: { first: number; limit: number; filter: ObjectFilter | undefined },
): { items: readonly KubeObject[]; next: number } {
  if (filter === undefined) {
    const next = limit > 0 ? Math.min(first + limit, objects.length) : objects.length;
    return { items: first === 0 && next === objects.length ? objects : objects.slice(first, next), next };
  }
  const items: KubeObject[] = [];
  let next = first;
  for (; next < objects.length && !(limit > 0 && items.length === limit); next++) {
    const object = objects[next];
    if (object !== undefined && filter(object)) items.push(object);
  }
  return { items, next };
}
