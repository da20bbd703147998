// A cluster that was restored from a backup goes on from an earlier resourceVersion. A watch from a later one is accepted
// and says nothing, for as long as it takes to get there again.

import { asObject, asText } from "../objects.ts";
import { isOlder } from "../resource-version.ts";
import { resourcePath } from "../resources.ts";
import { type Feed, selectorOf } from "./feed.ts";

/** The API server has gone back behind what it said before: all that is known has to be read again. */
export class ServerRestoredError extends Error {
  override readonly name = "ServerRestoredError";
}

/** Throws ServerRestoredError when the version is older than the one up to which everything was read. */
export function expectLater(version: string | undefined, than: string | undefined): void {
  if (version !== undefined && than !== undefined && isOlder(version, than)) {
    throw new ServerRestoredError(`the API server returned from resourceVersion ${than} to ${version}`);
  }
}

/**
 * Asks for the present resourceVersion, by a list of one object: without a resourceVersion it is answered from the
 * present, never from a cache that is behind. Throws ServerRestoredError when it is older than the one that is known.
 */
export async function expectNotRestored(feed: Feed, known: string, signal: AbortSignal): Promise<void> {
  const { client, resource, namespace } = feed;
  const query = { limit: 1, fieldSelector: selectorOf(feed) };
  const page = await client.get(resourcePath(resource, namespace), query, { attempts: 1, signal });
  expectLater(asText(asObject(page.metadata).resourceVersion), known);
}
