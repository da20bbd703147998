// A list in pages: the server and this process then hold a few hundred objects at a time, not all of them.
import type { ApiClient } from "../connection/api-client.ts";
import { asList, asObject, asText, isObject, type RawObject } from "../objects.ts";

/** Objects of one page. */
const PAGE_SIZE = 500;

export interface ListRequest {
  readonly path: string;
  readonly fieldSelector?: string | undefined;
  readonly signal: AbortSignal;
  readonly onObject: (object: RawObject) => void;
}

/**
 * Reads all pages and returns the resourceVersion from which a watch continues. Every error is the caller's,
 * also 410 when the pages took so long that the rest expired: the whole list must then be read anew.
 */
export async function listPages(client: ApiClient, request: ListRequest): Promise<string> {
  const { path, fieldSelector, signal, onObject } = request;
  let resourceVersion = "";
  let continueFrom: string | undefined;
  do {
    // No resourceVersion: with 0 the server would ignore the limit and could answer from an old cache.
    const query = { limit: PAGE_SIZE, fieldSelector, continue: continueFrom };
    const page = await client.get(path, query, { attempts: 1, signal });
    signal.throwIfAborted();
    for (const item of asList(page.items)) if (isObject(item)) onObject(item);
    const metadata = asObject(page.metadata);
    resourceVersion = asText(metadata.resourceVersion);
    continueFrom = asText(metadata.continue) || undefined;
  } while (continueFrom !== undefined);
  if (resourceVersion === "")
    throw new TypeError(`GET ${path}: the list has no resourceVersion to watch from`);
  return resourceVersion;
}
