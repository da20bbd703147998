// Watches: changes as lines of JSON from a resourceVersion on, with bookmarks, selectors and time limits.
import type { ServerResponse } from "node:http";
import type { WatchEffect } from "../faults/fault.ts";
import type { OpenWatches } from "../faults/faults.ts";
import type { MatchableRequest } from "../faults/request-matching.ts";
import type { Random } from "../random.ts";
import type { SimulatedTime } from "../simulated-time.ts";
import { expired } from "./api-error.ts";
import type { ApiRequest } from "./api-request.ts";
import type { KubeObject } from "./kube-object.ts";
import type { Change, ObjectStore } from "./object-store.ts";
import { apiVersionOf, type ResourceDefinition } from "./resource-definition.ts";
import { type ObjectFilter, parseSelectors } from "./selectors.ts";
import { toWatchLine } from "./serialization.ts";
import { tableOf, wantsTable } from "./tables.ts";
import { WatchStream } from "./watch-stream.ts";

const BOOKMARK_EVERY_MS = 60_000;
const SHORTEST_TIMEOUT_SECONDS = 1_800;

/** One object as a line of the stream. */
type ToLine = (type: string, object: KubeObject) => string;

/** A fault that is in force for watches. */
interface WatchFault {
  readonly effect: WatchEffect;
  readonly condition: (request: MatchableRequest) => boolean;
  /** What ends it for the watches that it has hit. */
  readonly ends: (() => void)[];
}

export class Watches implements OpenWatches {
  readonly #store: ObjectStore;
  readonly #time: SimulatedTime;
  readonly #random: Random;
  readonly #open = new Set<WatchStream>();
  readonly #faults = new Set<WatchFault>();

  constructor(parts: { store: ObjectStore; time: SimulatedTime; random: Random }) {
    this.#store = parts.store;
    this.#time = parts.time;
    this.#random = parts.random;
  }

  /** How many watches are open. */
  get size(): number {
    return this.#open.size;
  }

  /** Breaks the connections of all watches, as a lost network does. */
  cut(): void {
    for (const stream of this.#open) stream.destroy();
  }

  apply(effect: WatchEffect, condition: (request: MatchableRequest) => boolean): () => void {
    const fault: WatchFault = { effect, condition, ends: [] };
    this.#faults.add(fault);
    for (const stream of [...this.#open]) hit(stream, fault);
    return () => {
      this.#faults.delete(fault);
      for (const end of fault.ends) end();
    };
  }

  /** Answers with a stream of changes until the time limit or until the client goes. */
  serve(
    resource: ResourceDefinition,
    namespace: string,
    request: ApiRequest,
    response: ServerResponse,
  ): void {
    const { query } = request;
    const filter = selectorFor(resource, namespace, query);
    const toLine: ToLine = wantsTable(request.accept)
      ? (type, object) => {
          const table = tableOf(resource, [object], {}, this.#time.now());
          return `${JSON.stringify({ type, object: table })}\n`;
        }
      : toWatchLine;
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const stream = new WatchStream(request, response, this.#time);
    this.#open.add(stream);
    const ends: (() => void)[] = [];
    const stop = (): void => {
      for (const end of ends.splice(0)) end();
    };
    response.once("close", () => {
      this.#open.delete(stream);
      stop();
    });
    for (const fault of [...this.#faults]) hit(stream, fault);
    const startsAt = query.get("resourceVersion") ?? "";
    const wantsInitialEvents = query.get("sendInitialEvents") === "true";
    if (wantsInitialEvents || startsAt === "" || startsAt === "0") {
      this.#sendCurrent(resource, namespace, filter, toLine, stream);
      if (wantsInitialEvents) stream.write(this.#bookmark(resource, { "k8s.io/initial-events-end": "true" }));
    } else if (!this.#sendMissed(resource, Number(startsAt), filter, toLine, stream)) {
      return;
    }
    ends.push(
      this.#store.subscribe(resource, (change) => {
        const line = lineFor(change, filter, toLine);
        if (line === undefined) return;
        stream.write(line);
      }),
    );
    ends.push(this.#limitTime(resource, query, stream, stop));
  }

  #sendCurrent(
    resource: ResourceDefinition,
    namespace: string,
    filter: ObjectFilter | undefined,
    toLine: ToLine,
    stream: WatchStream,
  ): void {
    for (const object of this.#store.values(resource, namespace === "" ? undefined : namespace)) {
      if (filter === undefined || filter(object)) stream.write(toLine("ADDED", object));
    }
  }

  /** False when the history does not reach back so far: then the watch ends with an error. */
  #sendMissed(
    resource: ResourceDefinition,
    revision: number,
    filter: ObjectFilter | undefined,
    toLine: ToLine,
    stream: WatchStream,
  ): boolean {
    const missed = this.#store.changesAfter(resource, revision);
    if (missed === undefined) {
      const error = expired(`too old resource version: ${revision} (${this.#store.revision})`);
      stream.fail(error);
      return false;
    }
    for (const change of missed) {
      const line = lineFor(change, filter, toLine);
      if (line !== undefined) stream.write(line);
    }
    return true;
  }

  #limitTime(
    resource: ResourceDefinition,
    query: URLSearchParams,
    stream: WatchStream,
    stop: () => void,
  ): () => void {
    const wanted = Number(query.get("timeoutSeconds") ?? 0);
    const seconds =
      wanted > 0 ? wanted : this.#random.between(SHORTEST_TIMEOUT_SECONDS, 2 * SHORTEST_TIMEOUT_SECONDS);
    const cancelEnd = this.#time.after(seconds * 1_000, () => {
      // The connection closes a little later; until then nothing may be written any more.
      stop();
      stream.end();
    });
    if (query.get("allowWatchBookmarks") !== "true") return cancelEnd;
    let cancelBookmark = (): void => {};
    const scheduleBookmark = (): void => {
      cancelBookmark = this.#time.after(BOOKMARK_EVERY_MS, () => {
        stream.write(this.#bookmark(resource));
        scheduleBookmark();
      });
    };
    scheduleBookmark();
    return () => {
      cancelEnd();
      cancelBookmark();
    };
  }

  #bookmark(resource: ResourceDefinition, annotations?: Readonly<Record<string, string>>): string {
    const metadata = {
      resourceVersion: String(this.#store.revision),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    const object = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata };
    return `${JSON.stringify({ type: "BOOKMARK", object })}\n`;
  }
}

function hit(stream: WatchStream, fault: WatchFault): void {
  if (fault.condition(stream.request)) fault.ends.push(stream.apply(fault.effect));
}

function selectorFor(
  resource: ResourceDefinition,
  namespace: string,
  query: URLSearchParams,
): ObjectFilter | undefined {
  const selected = parseSelectors(resource, query.get("labelSelector"), query.get("fieldSelector"));
  if (namespace === "") return selected;
  return (object) => object.metadata.namespace === namespace && (selected === undefined || selected(object));
}

/** A change as a client with this selector sees it: an object that leaves the selection is deleted for it. */
function lineFor(change: Change, filter: ObjectFilter | undefined, toLine: ToLine): string | undefined {
  const { type, object, previous } = change;
  if (filter === undefined) return toLine(type, object);
  const isIn = type !== "DELETED" && filter(object);
  const wasIn = previous !== undefined && filter(previous);
  if (isIn) return toLine(wasIn ? "MODIFIED" : "ADDED", object);
  return wasIn ? toLine("DELETED", object) : undefined;
}
