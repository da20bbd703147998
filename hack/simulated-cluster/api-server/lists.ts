// Lists in pages: all pages of one list show the state at its beginning, as long as the server remembers it.
import { badRequest, expired } from "./api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import type { KubeObject } from "./kube-object.ts";
import type { ObjectStore } from "./object-store.ts";
import { keyOf } from "./objects.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";
import { parseSelectors } from "./selectors.ts";

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

interface Snapshot {
  readonly objects: readonly KubeObject[];
  readonly revision: number;
}

/** How many unfinished lists are remembered. */
const SNAPSHOTS = 100;

export class Lists {
  readonly #store: ObjectStore;
  readonly #snapshots = new Map<string, Snapshot>();
  #tokens = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  /** The page that the request asks for. 410 when its continue token is too old. */
  page(resource: ResourceDefinition, namespace: string, { query }: Pick<ApiRequest, "query">): ListPage {
    const token = query.get("continue");
    const filter = parseSelectors(resource, query.get("labelSelector"), query.get("fieldSelector"));
    // As on a real server, limits do not apply to lists from its watch cache (resourceVersion=0).
    const limit = query.get("resourceVersion") === "0" ? 0 : Number(query.get("limit") ?? 0);
    const { id, offset, snapshot } = token
      ? this.#continued(token)
      : { id: undefined, offset: 0, snapshot: this.#snapshot(resource, namespace, filter) };
    const end = limit > 0 ? offset + limit : snapshot.objects.length;
    const remaining = snapshot.objects.length - end;
    return {
      kind: `${resource.kind}List`,
      apiVersion: apiVersionOf(resource),
      metadata: {
        resourceVersion: String(snapshot.revision),
        ...(remaining > 0 && {
          continue: this.#tokenFor(snapshot, end, id),
          ...(filter === undefined && { remainingItemCount: remaining }),
        }),
      },
      items: snapshot.objects.slice(offset, end),
    };
  }

  /** Makes all continue tokens too old. */
  expire(): void {
    this.#snapshots.clear();
  }

  #snapshot(
    resource: ResourceDefinition,
    namespace: string,
    filter: ((object: KubeObject) => boolean) | undefined,
  ): Snapshot {
    const objects = [...this.#store.values(resource, namespace === "" ? undefined : namespace)];
    const selected = filter === undefined ? objects : objects.filter(filter);
    const keyed = selected.map((object) => ({ key: keyOf(object), object }));
    keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
    return { objects: keyed.map(({ object }) => object), revision: this.#store.revision };
  }

  #tokenFor(snapshot: Snapshot, offset: number, known: string | undefined): string {
    const id = known ?? String(++this.#tokens);
    this.#snapshots.delete(id);
    this.#snapshots.set(id, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
    return Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", id, offset })).toString("base64url");
  }

  #continued(token: string): { id: string; offset: number; snapshot: Snapshot } {
    let parsed: { id?: unknown; offset?: unknown };
    try {
      parsed = JSON.parse(Buffer.from(token, "base64url").toString()) as typeof parsed;
    } catch {
      throw badRequest("continue key is not valid: invalid base64 or JSON");
    }
    const id = String(parsed.id);
    const snapshot = this.#snapshots.get(id);
    if (snapshot === undefined) {
      throw expired(
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
      );
    }
    return { id, offset: Number(parsed.offset), snapshot };
  }
}
