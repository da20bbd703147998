// Watches: changes as lines of JSON from a resourceVersion on, with bookmarks, selectors and time limits.
import type { ServerResponse } from "node:http";
import type { ApiRequest } from "../../api-request.ts";
import type { WatchEffect } from "../../faults/fault.ts";
import type { OpenWatches } from "../../faults/faults.ts";
import type { MatchableRequest } from "../../faults/request-matching.ts";
import type { Random } from "../../random.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import { expired } from "../api-error.ts";
import type { KubeObject } from "../kube-object.ts";
import type { Change, ObjectStore } from "../object-store.ts";
import { apiVersionOf, type ResourceDefinition } from "../resource-definition.ts";
import { readWatchOptions, type WatchOptions } from "./list-options.ts";
import { type ObjectFilter, parseSelectors } from "./selectors.ts";
import { toWatchLine } from "./serialization.ts";
import { rowObjectOf, tableOf, wantsTable } from "./tables.ts";
import { WatchStream } from "./watch-stream.ts";

const BOOKMARK_EVERY_MS = 60_000;
/** A last bookmark comes so long before the end. */
const LAST_BOOKMARK_MS = 2_000;
const SHORTEST_TIMEOUT_SECONDS = 1_800;

/** One object as a line of the stream. */
type ToLine = (type: string, object: KubeObject) => string;

/** What a watch is about. */
interface Subject {
  readonly resource: ResourceDefinition;
  /** Undefined for all. */
  readonly namespace: string | undefined;
  readonly filter: ObjectFilter | undefined;
  readonly toLine: ToLine;
  readonly options: WatchOptions;
  /** The revision at which the server's watch cache stands, where it is behind. */
  readonly asOf: number | undefined;
}

/** A fault that is in force for watches. */
interface WatchFault {
  readonly effect: WatchEffect;
  readonly condition: (request: MatchableRequest) => boolean;
  /** What ends it for the watches that it has hit. */
  readonly ends: Set<() => void>;
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

  /** Ends all watches properly, as a server does that shuts down. */
  end(): void {
    for (const stream of this.#open) stream.end();
  }

  apply(effect: WatchEffect, condition: (request: MatchableRequest) => boolean): () => void {
    const fault: WatchFault = { effect, condition, ends: new Set() };
    this.#faults.add(fault);
    for (const stream of this.#open) hit(stream, fault);
    return () => {
      this.#faults.delete(fault);
      for (const end of fault.ends) end();
    };
  }

  /**
   * Answers with a stream of changes until the time limit or until the client goes. Throws an ApiError when the
   * request is refused; then nothing was sent.
   */
  serve(
    resource: ResourceDefinition,
    request: ApiRequest,
    response: ServerResponse,
    asOf: number | undefined,
  ): void {
    const { query, target } = request;
    const namespace = target?.namespace === "" ? undefined : target?.namespace;
    const subject: Subject = {
      resource,
      namespace,
      asOf,
      filter: parseSelectors(resource, query.get("labelSelector"), query.get("fieldSelector")),
      toLine: this.#lineWriter(resource, request),
      options: readWatchOptions(query),
    };
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const stream = new WatchStream(request, response, this.#time);
    this.#open.add(stream);
    stream.onClose(() => this.#open.delete(stream));
    for (const fault of this.#faults) hit(stream, fault);
    const shownUntil = this.#sendBeginning(subject, stream);
    if (shownUntil === undefined) return;
    const unsubscribe = this.#store.subscribe(
      resource,
      (change) => {
        if (change.revision <= shownUntil) return;
        const line = lineFor(change, subject);
        if (line !== undefined) stream.write(line);
      },
      namespace,
    );
    const stop = this.#limitTime(subject, stream, shownUntil, unsubscribe);
    stream.onClose(stop);
  }

  #lineWriter(resource: ResourceDefinition, { accept, query }: ApiRequest): ToLine {
    if (!wantsTable(accept)) return toWatchLine;
    return (type, object) => {
      const table = tableOf(resource, [object], {}, this.#time.now(), rowObjectOf(query));
      return `${JSON.stringify({ type, object: table })}\n`;
    };
  }

  /**
   * Sends what is there or what was missed. Returns the revision that the client knows then, or undefined when the
   * watch has ended with an error.
   */
  #sendBeginning(subject: Subject, stream: WatchStream): number | undefined {
    const { resource, options } = subject;
    const { resourceVersion, sendInitialEvents } = options;
    const { revision } = this.#store;
    const startsAnywhere = resourceVersion === undefined || resourceVersion === 0;
    const shownUntil = Math.max(revision, resourceVersion ?? 0);
    if (sendInitialEvents ?? startsAnywhere) {
      this.#sendCurrent(subject, stream);
      if (sendInitialEvents && options.allowsBookmarks) {
        stream.write(this.#bookmark(resource, { "k8s.io/initial-events-end": "true" }));
      }
      return shownUntil;
    }
    if (startsAnywhere) return revision;
    return this.#sendMissed(subject, resourceVersion, stream) ? shownUntil : undefined;
  }

  /** Sends what is there; a watch cache that is behind sends what was there, and what came after it. */
  #sendCurrent(subject: Subject, stream: WatchStream): void {
    const { resource, namespace, filter, toLine, asOf, options } = subject;
    const past =
      asOf !== undefined && options.resourceVersion === 0
        ? this.#store.valuesAt(resource, namespace, asOf)
        : undefined;
    for (const object of past ?? this.#store.values(resource, namespace)) {
      if (filter === undefined || filter(object)) stream.write(toLine("ADDED", object));
    }
    if (past !== undefined && asOf !== undefined) this.#sendMissed(subject, asOf, stream);
  }

  /** False when the history does not reach back so far: then the watch ends with an error. */
  #sendMissed(subject: Subject, revision: number, stream: WatchStream): boolean {
    const { resource, namespace } = subject;
    const missed = this.#store.changesAfter(resource, revision);
    if (missed === undefined) {
      const oldest = this.#store.remembersFrom(resource);
      stream.fail(expired(`too old resource version: ${revision} (${oldest})`));
      return false;
    }
    for (const change of missed) {
      if (namespace !== undefined && change.object.metadata.namespace !== namespace) continue;
      const line = lineFor(change, subject);
      if (line !== undefined) stream.write(line);
    }
    return true;
  }

  /** Sends bookmarks, and ends the answer in time. Returns what stops all that, and the changes. */
  #limitTime(
    { resource, options }: Subject,
    stream: WatchStream,
    shownUntil: number,
    unsubscribe: () => void,
  ): () => void {
    const seconds =
      options.timeoutSeconds > 0
        ? options.timeoutSeconds
        : this.#random.between(SHORTEST_TIMEOUT_SECONDS, 2 * SHORTEST_TIMEOUT_SECONDS);
    let cancelBookmark = (): void => {};
    const cancelEnd = this.#time.after(seconds * 1_000, () => {
      // The connection closes a little later; until then nothing may be written any more.
      stop();
      stream.end();
    });
    const stop = (): void => {
      unsubscribe();
      cancelEnd();
      cancelBookmark();
    };
    const endsAt = this.#time.now() + seconds * 1_000;
    const scheduleBookmark = (): void => {
      const leftMs = endsAt - LAST_BOOKMARK_MS - this.#time.now();
      if (leftMs <= 0) return;
      cancelBookmark = this.#time.after(Math.min(BOOKMARK_EVERY_MS, leftMs), () => {
        // Whoever asks from a later resourceVersion, known from before a restore, hears nothing until that comes.
        if (this.#store.revision >= shownUntil) stream.write(this.#bookmark(resource));
        scheduleBookmark();
      });
    };
    if (options.allowsBookmarks) scheduleBookmark();
    return stop;
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
  if (!fault.condition(stream.request)) return;
  const end = stream.apply(fault.effect);
  fault.ends.add(end);
  stream.onClose(() => fault.ends.delete(end));
}

/**
 * A change as a client with this selector sees it: an object that leaves the selection is deleted for it, as it last
 * was, at the time of the change.
 */
function lineFor(change: Change, { filter, toLine }: Subject): string | undefined {
  const { type, object, previous } = change;
  if (filter === undefined) return toLine(type, object);
  const isIn = type !== "DELETED" && filter(object);
  const wasIn = previous !== undefined && filter(previous);
  if (isIn) return toLine(wasIn ? "MODIFIED" : "ADDED", object);
  if (!wasIn) return undefined;
  const { resourceVersion } = object.metadata;
  const last = { ...previous, metadata: { ...previous.metadata, resourceVersion } };
  return toLine("DELETED", type === "DELETED" ? object : last);
}
