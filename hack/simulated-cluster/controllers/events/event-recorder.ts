// Events as Kubernetes' components write them about objects.
import { ApiError } from "../../api-server/api-error.ts";
import type { CoreEvent, InvolvedObject } from "../../api-server/kinds.ts";
import type { KubeObject } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { createCorrelation, type Observation } from "./event-correlation.ts";

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
  const correlate = createCorrelation();
  let sequence = 0;

  function write(
    about: KubeObject,
    involvedObject: InvolvedObject,
    type: "Normal" | "Warning",
    reason: string,
    { name, message, count, firstTimestamp, isCombined }: Observation,
  ): void {
    const namespace = about.metadata.namespace ?? "default";
    const now = time.timestamp();
    const existing = count > 1 ? objects.get("events", namespace, name) : undefined;
    if (existing !== undefined) {
      const event: CoreEvent = { ...existing, message, count, lastTimestamp: now };
      objects.update("events", event);
      return;
    }
    // One that has expired is written anew, with all that was counted.
    objects.create("events", namespace, {
      metadata: { name, namespace },
      involvedObject,
      reason,
      message,
      source,
      firstTimestamp,
      lastTimestamp: now,
      count,
      type,
      eventTime: null,
      reportingComponent: isCombined ? "" : source.component,
      reportingInstance: isCombined ? "" : (source.host ?? ""),
    });
  }

  return {
    record(about, type, reason, message, container) {
      const involvedObject = involved(about, container?.fieldPath);
      const observation = correlate(
        { object: involvedObject.uid, fieldPath: container?.fieldPath ?? "", type, reason, message },
        {
          at: time.now(),
          timestamp: time.timestamp(),
          newName: () => `${about.metadata.name}.${nanosecondsHex(time.now(), sequence++)}`,
        },
      );
      if (observation === undefined) return;
      try {
        write(about, involvedObject, type, reason, observation);
      } catch (error) {
        // Events are best effort: what the API server refuses, as in a namespace that ends, is dropped.
        if (!(error instanceof ApiError)) throw error;
      }
    },
  };
}

/** What an Event says of its object. */
export function involved(object: KubeObject, fieldPath: string | undefined): InvolvedObject {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    kind: object.kind,
    namespace,
    name,
    // Of nodes Events tell the name here, as those who write them have only that.
    uid: object.kind === "Node" ? name : uid,
    apiVersion: object.apiVersion,
    resourceVersion,
    ...(fieldPath && { fieldPath }),
  };
}

/** The suffix of an Event's name. The sequence keeps names of one millisecond apart. */
export function nanosecondsHex(at: number, sequence: number): string {
  return (BigInt(Math.floor(at * 1_000)) * 1_000n + BigInt(sequence % 1_000)).toString(16);
}
