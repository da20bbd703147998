// All objects of a resource, read once: for commands.
import type { ApiClient } from "./connection/api-client.ts";
import type { RawObject } from "./objects.ts";
import { listPages } from "./reflector/list-pages.ts";
import { RESOURCES, type ResourceName, resourcePath } from "./resources.ts";

/** The part of an API client that lists. */
export type ListClient = Pick<ApiClient, "get">;

/** All objects of a resource, or those with the labels. Rejects with ApiError or ConnectionError. */
export async function listAll(
  client: ListClient,
  resource: ResourceName,
  namespace: string | undefined,
  labelSelector?: string,
): Promise<readonly RawObject[]> {
  const objects: RawObject[] = [];
  const { kind, fieldSelector } = RESOURCES[resource];
  await listPages(tryingAgain(client), {
    path: resourcePath(resource, namespace),
    kind,
    fieldSelector,
    labelSelector,
    signal: new AbortController().signal,
    onObject: (object) => void objects.push(object),
  });
  return objects;
}

/** For lists that are read once: whoever asks once wants a second try, the reflectors try again anyway. */
export function tryingAgain(client: ListClient): ListClient {
  return { get: (path, query, options) => client.get(path, query, { ...options, attempts: undefined }) };
}
