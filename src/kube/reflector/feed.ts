// One resource in one scope on its way into a sink: what lists and watches have in common.
import type { Clock } from "../clock.ts";
import type { ApiClient } from "../connection/api-client.ts";
import { metaOf, type RawObject } from "../objects.ts";
import { RESOURCES, type ResourceName, resourcePath } from "../resources.ts";
import { listPages } from "./list-pages.ts";
import type { ReflectorSink } from "./reflector-sink.ts";

export interface Feed {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly resource: ResourceName;
  /** One namespace; without it the whole cluster. */
  readonly namespace?: string | undefined;
  /** Instead of the one that the operator uses for the resource; empty for everything. */
  readonly fieldSelector?: string | undefined;
  readonly sink: ReflectorSink;
  /** One object is left out; "namespace/name" and why, in a sentence. */
  readonly onLeftOut?: ((object: string, problem: string) => void) | undefined;
}

/** What is listed once: everything, or what a label selector selects. */
export interface ListFeed extends Omit<Feed, "client" | "clock"> {
  readonly client: Pick<ApiClient, "get">;
  readonly clock: Pick<Clock, "now">;
  readonly labelSelector?: string | undefined;
}

/** Reads the full list into the sink; returns from where a watch continues. Rejects without having changed anything. */
export async function listInto(feed: ListFeed, signal: AbortSignal): Promise<string> {
  const { client, clock, resource, namespace, sink } = feed;
  const transaction = sink.beginReplace();
  try {
    const resourceVersion = await listPages(client, {
      path: resourcePath(resource, namespace),
      kind: RESOURCES[resource].kind,
      fieldSelector: selectorOf(feed),
      labelSelector: feed.labelSelector,
      signal,
      onObject: (object) => put(feed, object, () => transaction.add(object, clock.now())),
    });
    transaction.commit(clock.now(), resourceVersion);
    return resourceVersion;
  } catch (error) {
    transaction.abandon();
    throw error;
  }
}

/** One object that the sink cannot take must not keep the others from it. */
export function put(
  feed: Pick<Feed, "resource" | "onLeftOut">,
  object: RawObject,
  intoSink: () => void,
): void {
  const { kind } = RESOURCES[feed.resource];
  const { namespace, name } = metaOf(object);
  if (object.kind !== undefined && object.kind !== kind) {
    feed.onLeftOut?.(`${namespace}/${name}`, `It is not a ${kind}, and is ignored.`);
    return;
  }
  try {
    intoSink();
  } catch (cause) {
    leaveOut(feed, { namespace, name }, cause);
  }
}

/** The object cannot be read, and is ignored. */
export function leaveOut(
  { onLeftOut }: Pick<Feed, "onLeftOut">,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  cause: unknown,
): void {
  const why = cause instanceof Error ? cause.message : String(cause);
  onLeftOut?.(`${namespace}/${name}`, `It could not be read and is ignored: ${why}`);
}

/** What the list or watch is narrowed to. */
export function selectorOf({
  resource,
  fieldSelector,
}: Pick<Feed, "resource" | "fieldSelector">): string | undefined {
  return (fieldSelector ?? RESOURCES[resource].fieldSelector) || undefined;
}
