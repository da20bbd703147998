// A list in pages: the server and this process then hold a few hundred objects at a time, not all of them.
import type { ApiClient } from "../connection/api-client.ts";
import { asObject, asText, isObject, type RawObject } from "../objects.ts";

/** Objects of one page. */
const PAGE_SIZE = 500;
/** Two million objects: no cluster has as many, so a list that is longer has no end. */
const MOST_PAGES = 4_000;

export interface ListRequest {
  readonly path: string;
  /** What the objects are called, such as "Pod". */
  readonly kind: string;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly signal: AbortSignal;
  readonly onObject: (object: RawObject) => void;
}

/** An answer that is no list: what it lacks must not be taken for deleted. */
class NoListError extends Error {
  override readonly name = "NoListError";
}

/**
 * Reads all pages and returns the resourceVersion from which a watch continues. Every error is the caller's,
 * also 410 when the pages took so long that the rest expired: the whole list must then be read anew.
 */
export async function listPages(client: Pick<ApiClient, "get">, request: ListRequest): Promise<string> {
  const { path, fieldSelector, labelSelector, signal, onObject } = request;
  let resourceVersion = "";
  let continueFrom: string | undefined;
  let pages = 0;
  do {
    // No resourceVersion: with 0 the server would ignore the limit and could answer from an old cache.
    const query = { limit: PAGE_SIZE, fieldSelector, labelSelector, continue: continueFrom };
    const page = await client.get(path, query, { attempts: 1, signal });
    signal.throwIfAborted();
    for (const item of itemsOf(page, request)) onObject(item);
    const metadata = asObject(page.metadata);
    resourceVersion = asText(metadata.resourceVersion);
    const next = asText(metadata.continue) || undefined;
    pages += 1;
    if (next !== undefined && (next === continueFrom || pages >= MOST_PAGES)) {
      throw new NoListError(`GET ${path}: the list never ends: page ${pages} leads to itself or to too many`);
    }
    continueFrom = next;
  } while (continueFrom !== undefined);
  if (resourceVersion === "")
    throw new NoListError(`GET ${path}: the list has no resourceVersion to watch from`);
  return resourceVersion;
}

/** The objects of a page. Go writes an empty list as null; a page without the field is something else. */
function itemsOf(page: RawObject, { path, kind }: ListRequest): readonly RawObject[] {
  const said = page.kind;
  if (said !== undefined && said !== `${kind}List`) {
    throw new NoListError(
      `GET ${path}: the response is a ${asText(said, "(none)").slice(0, 80)}, not a ${kind}List`,
    );
  }
  if (page.items === null) return [];
  if (!Array.isArray(page.items)) throw new NoListError(`GET ${path}: the response has no items`);
  const items: readonly unknown[] = page.items;
  if (!items.every(isObject)) throw new NoListError(`GET ${path}: an item of the list is not an object`);
  return items;
}
