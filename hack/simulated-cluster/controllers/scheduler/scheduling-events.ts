// The scheduler's Events: it writes them through the newer API, which leaves the old fields empty and counts in a series.
import { ApiError } from "../../api-server/api-error.ts";
import type { KubeObject } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { involved, nanosecondsHex } from "../events/event-recorder.ts";

/** An Event that is not repeated for so long begins anew. */
const SERIES_ENDS_MS = 360_000;

interface Series {
  readonly name: string;
  lastAt: number;
  count: number;
}

export interface SchedulingEvent {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly action: string;
  readonly message: string;
}

export type RecordScheduling = (about: KubeObject, event: SchedulingEvent) => void;

/**
 * Makes the function that records. A second Event of one kind about one object makes the first a series, which keeps its
 * text; from the third on only the count goes up, and that is written when the series ends.
 */
export function createSchedulingEvents({ objects, time }: ClusterParts): RecordScheduling {
  const seriesByKey = new Map<string, Series>();
  let sequence = 0;

  function create(about: KubeObject, name: string, event: SchedulingEvent): void {
    const namespace = about.metadata.namespace ?? "default";
    const { type, reason, action, message } = event;
    objects.create("events", namespace, {
      metadata: { name, namespace },
      involvedObject: involved(about, undefined),
      reason,
      message,
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      type,
      eventTime: microTime(time.now()),
      action,
      reportingComponent: "default-scheduler",
      reportingInstance: "default-scheduler-node1",
    });
  }

  function writeCount(namespace: string, { name, count, lastAt }: Series): void {
    const event = objects.get("events", namespace, name);
    if (event === undefined) return;
    objects.update("events", { ...event, series: { count, lastObservedTime: microTime(lastAt) } });
  }

  function end(key: string, namespace: string): void {
    const series = seriesByKey.get(key);
    if (series === undefined) return;
    const endsAt = series.lastAt + SERIES_ENDS_MS;
    if (time.now() < endsAt) {
      time.after(endsAt - time.now(), () => end(key, namespace));
      return;
    }
    seriesByKey.delete(key);
    if (series.count > 1) bestEffort(() => writeCount(namespace, series));
  }

  return (about, event) => {
    const namespace = about.metadata.namespace ?? "default";
    // Most pods are scheduled once: nothing is remembered of that.
    const key =
      event.type === "Normal" ? undefined : [about.metadata.uid, event.reason, event.action].join(" ");
    const series = key === undefined ? undefined : seriesByKey.get(key);
    if (series !== undefined) {
      series.count += 1;
      series.lastAt = time.now();
      if (series.count === 2) bestEffort(() => writeCount(namespace, series));
      return;
    }
    const name = `${about.metadata.name}.${nanosecondsHex(time.now(), sequence++)}`;
    bestEffort(() => create(about, name, event));
    if (key === undefined) return;
    seriesByKey.set(key, { name, lastAt: time.now(), count: 1 });
    time.after(SERIES_ENDS_MS, () => end(key, namespace));
  };
}

function bestEffort(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

function microTime(at: number): string {
  return new Date(at).toISOString().replace("Z", "000Z");
}
