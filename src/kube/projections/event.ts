// Events (core/v1): raw JSON → EventView.
import type { EventView } from "../../domain/snapshot/event.ts";
import { masked } from "../masking/pod-masking.ts";
import { asInstant, asInteger, asName, asObject, asText, metaOf, type RawObject } from "../objects.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { sharedText } from "./shared-text.ts";

/** Reasons whose messages quote what an application answered. */
const QUOTING = /^(?:Unhealthy|ProbeWarning|Failed\w*Hook|FailedPostStart|FailedPreStop)/;

/** The Event, or undefined when it is no Warning: these are what the caches hold. */
export function projectWarning(object: RawObject, kinds: ReadonlySet<string>): EventView | undefined {
  return object.type === "Warning" ? projectEvent(object, kinds) : undefined;
}

/** The Event, or undefined when it is not about a certain object of one of the kinds. */
export function projectEvent(object: RawObject, kinds: ReadonlySet<string>): EventView | undefined {
  const involved = asObject(object.involvedObject);
  const kind = asText(involved.kind);
  const uid = asName(involved.uid);
  if (!kinds.has(kind) || uid === undefined) return undefined;
  const series = asObject(object.series);
  const reason = asText(object.reason);
  return deepFreeze({
    type: object.type === "Warning" ? "Warning" : "Normal",
    involved: { kind: sharedText(kind), name: asName(involved.name) ?? "", uid },
    reason: sharedText(reason),
    message: masked(asText(object.message), [], QUOTING.test(reason) ? "application" : "kubernetes"),
    count: Math.max(1, asInteger(series.count, asInteger(object.count, 1))),
    firstAt: asInstant(object.firstTimestamp) ?? asInstant(object.eventTime),
    // The scheduler's Events have no lastTimestamp, those of a series only their series' time moves.
    lastAt:
      asInstant(series.lastObservedTime) ??
      asInstant(object.lastTimestamp) ??
      asInstant(object.eventTime) ??
      metaOf(object).createdAt,
  });
}
