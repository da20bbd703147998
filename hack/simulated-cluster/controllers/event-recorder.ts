// Events as client-go's recorder writes them: repeated ones counted, many similar ones combined, floods dropped.

import { ApiError } from "../api-server/api-error.ts";
import type { CoreEvent, InvolvedObject } from "../api-server/kinds.ts";
import type { KubeObject } from "../api-server/kube-object.ts";
import type { ClusterParts } from "../cluster-parts.ts";

/** More different messages than this in the interval are combined into one Event. */
const MAX_SIMILAR = 10;
const SIMILAR_INTERVAL_MS = 600_000;
/** Of one source about one object: a burst, then one every five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;
const CACHE_SIZE = 8_192;

interface Group {
  messages: Set<string>;
  lastAt: number;
}

interface Bucket {
  tokens: number;
  refilledAt: number;
}

export interface EventRecorder {
  record(
    about: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    container?: { fieldPath: string },
  ): void;
}

export function createEventRecorder(
  { objects, time }: ClusterParts,
  source: { component: string; host?: string },
): EventRecorder {
  const groups = new Map<string, Group>();
  const buckets = new Map<string, Bucket>();
  const written = new Map<string, { readonly name: string; count: number }>();
  let sequence = 0;

  function isFlooding(key: string): boolean {
    const now = time.now();
    const bucket = buckets.get(key) ?? { tokens: BURST, refilledAt: now };
    const refills = (now - bucket.refilledAt) / REFILL_MS;
    bucket.tokens = Math.min(BURST, bucket.tokens + refills);
    bucket.refilledAt = now;
    remember(buckets, key, bucket);
    if (bucket.tokens < 1) return true;
    bucket.tokens -= 1;
    return false;
  }

  function isOneOfMany(key: string, message: string): boolean {
    const now = time.now();
    let group = groups.get(key);
    if (group === undefined || now - group.lastAt > SIMILAR_INTERVAL_MS) {
      group = { messages: new Set(), lastAt: now };
      remember(groups, key, group);
    }
    group.messages.add(message);
    group.lastAt = now;
    if (group.messages.size < MAX_SIMILAR) return false;
    const [oldest] = group.messages;
    if (oldest !== undefined) group.messages.delete(oldest);
    return true;
  }

  function write(
    about: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    fieldPath: string | undefined,
  ): void {
    const involvedObject = involved(about, fieldPath);
    const objectKey = `${involvedObject.uid}/${involvedObject.fieldPath ?? ""}`;
    const groupKey = `${objectKey}/${type}/${reason}`;
    const isCombined = isOneOfMany(groupKey, message);
    const text = isCombined ? `(combined from similar events): ${message}` : message;
    const key = isCombined ? groupKey : `${groupKey}/${message}`;
    const namespace = about.metadata.namespace ?? "default";
    const now = time.timestamp();
    const known = written.get(key);
    // What the flood filter drops is counted all the same, and shows in the next one that passes.
    if (known !== undefined) known.count += 1;
    if (isFlooding(involvedObject.uid)) return;
    const existing = known && objects.get("events", namespace, known.name);
    if (known !== undefined && existing !== undefined) {
      const event: CoreEvent = { ...existing, message: text, count: known.count, lastTimestamp: now };
      objects.update("events", event);
      return;
    }
    const name = `${about.metadata.name}.${nanosecondsHex(time.now(), sequence++)}`;
    remember(written, key, { name, count: 1 });
    objects.create("events", namespace, {
      metadata: { name, namespace },
      involvedObject,
      reason,
      message: text,
      source,
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      eventTime: null,
      reportingComponent: isCombined ? "" : source.component,
      reportingInstance: isCombined ? "" : (source.host ?? ""),
    });
  }

  return {
    record(about, type, reason, message, container) {
      try {
        write(about, type, reason, message, container?.fieldPath);
      } catch (error) {
        // Events are best effort: what the API server refuses, as in a namespace that ends, is dropped.
        if (!(error instanceof ApiError)) throw error;
      }
    },
  };
}

/** Adds to a map that forgets its oldest entries, as the recorder's caches do. */
function remember<Value>(cache: Map<string, Value>, key: string, value: Value): void {
  cache.delete(key);
  cache.set(key, value);
  const [oldest] = cache.keys();
  if (cache.size > CACHE_SIZE && oldest !== undefined) cache.delete(oldest);
}

/** The scheduler writes its Events through the newer API, which leaves the old fields empty. */
export function recordScheduling(
  { objects, time }: ClusterParts,
  about: KubeObject,
  event: { type: "Normal" | "Warning"; reason: string; action: string; message: string },
): void {
  const namespace = about.metadata.namespace ?? "default";
  const { type, reason, action, message } = event;
  objects.create("events", namespace, {
    metadata: { name: `${about.metadata.name}.${nanosecondsHex(time.now(), 0)}`, namespace },
    involvedObject: involved(about, undefined),
    reason,
    message,
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    type,
    eventTime: new Date(time.now()).toISOString().replace("Z", "000Z"),
    action,
    reportingComponent: "default-scheduler",
    reportingInstance: "default-scheduler-node1",
  });
}

function involved(object: KubeObject, fieldPath: string | undefined): InvolvedObject {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    kind: object.kind,
    namespace,
    name,
    uid,
    apiVersion: object.apiVersion,
    resourceVersion,
    ...(fieldPath && { fieldPath }),
  };
}

/** The suffix of an Event's name. The sequence keeps names of one millisecond apart. */
function nanosecondsHex(at: number, sequence: number): string {
  return (BigInt(Math.floor(at * 1_000)) * 1_000n + BigInt(sequence % 1_000)).toString(16);
}
