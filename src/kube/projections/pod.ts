// Pods: raw JSON → PodView. Every byte counts here: a cluster has many pods, and most of them are healthy.
import type { PodReach, PodView } from "../../domain/snapshot/pod.ts";
import { boundedText } from "../bounded-text.ts";
import { maskingFor } from "../masking/pod-masking.ts";
import { asList, asObject, asText, metaOf, optionalText, type RawObject } from "../objects.ts";
import { findCondition } from "./condition.ts";
import { instantAfter, projectContainers } from "./container-status.ts";
import { deepFreeze } from "./deep-freeze.ts";
import { firstFailureAt, instabilityOf } from "./pod-history.ts";
import { sharedText } from "./shared-text.ts";
import { type TrackedPod, trackStartFailure } from "./start-failure.ts";

/** Far more than a pod can have. */
const MOST_ADDRESSES = 4;

/**
 * The pod of that revision, observed at `at`. `previous` is what was last known under its name. Where it can be asked is kept only
 * of pods that are.
 */
export function projectPod(
  object: RawObject,
  revisionId: string,
  previous: TrackedPod | undefined,
  at: number,
  isAsked = false,
): TrackedPod {
  const meta = metaOf(object);
  const spec = asObject(object.spec);
  const status = asObject(object.status);
  const ready = findCondition(status, "Ready");
  const isReady = ready?.status === "True";
  const initialized = findCondition(status, "Initialized");
  const disruption = findCondition(status, "DisruptionTarget");
  const containers = projectContainers(spec, status, meta.createdAt, maskingFor(object));
  const areReadyAt = containersReadyAt(status, meta.createdAt);
  const hasGates = asList(spec.readinessGates).length > 0;
  // The node controller sets only the Ready condition: the kubelet still calls the containers ready.
  const isNodeLost = !isReady && areReadyAt !== undefined && !hasGates;
  const known = previous?.uid === meta.uid ? previous : undefined;
  const failedFirstAt = firstFailureAt(known, containers);
  const readyChangedAt = instantAfter(meta.createdAt, ready?.lastTransitionTime);
  const view: TrackedPod = {
    name: meta.name,
    uid: meta.uid,
    revisionId: sharedText(revisionId),
    node: shared(spec.nodeName),
    createdAt: meta.createdAt,
    isDeleting: meta.isDeleting,
    phase: sharedText(asText(status.phase)),
    reason: shared(status.reason),
    message: status.phase === "Failed" ? shared(boundedText(asText(status.message))) : undefined,
    disruption:
      disruption?.status === "True" ? sharedText(asText(disruption.reason, "DisruptionTarget")) : undefined,
    isReady,
    readyChangedAt,
    readyReason: isReady ? undefined : shared(ready?.reason),
    hasReadinessGates: hasGates || undefined,
    instability: isNodeLost ? known?.instability : instabilityOf(known, isReady, readyChangedAt, containers),
    firstFailureAt: failedFirstAt,
    hadFailedBefore: known ? known.hadFailedBefore : failedFirstAt !== undefined || undefined,
    containersReadyAt: areReadyAt,
    scheduled: scheduledIn(spec, status, meta.createdAt),
    initializedAt:
      initialized?.status === "True"
        ? instantAfter(meta.createdAt, initialized.lastTransitionTime)
        : undefined,
    containers,
    startFailure: trackStartFailure(containers, known?.startFailure, at),
  };
  return deepFreeze(isAsked ? { ...view, reach: reachOf(spec, status) } : view);
}

function reachOf(spec: RawObject, status: RawObject): PodReach {
  const addresses = asList(status.podIPs).flatMap((entry) => optionalText(asObject(entry).ip) ?? []);
  const only = optionalText(status.podIP);
  const all = addresses.length > 0 || only === undefined ? addresses : [only];
  return {
    addresses: all.slice(0, MOST_ADDRESSES).map((address) => boundedText(address)),
    isHostNetwork: spec.hostNetwork === true,
  };
}

function containersReadyAt(status: RawObject, createdAt: number): number | undefined {
  const condition = findCondition(status, "ContainersReady");
  if (condition === undefined) {
    const containers = asList(status.containerStatuses);
    const areReady = containers.length > 0 && containers.every((raw) => asObject(raw).ready === true);
    return areReady ? instantAfter(createdAt, findCondition(status, "Ready")?.lastTransitionTime) : undefined;
  }
  return condition.status === "True" ? instantAfter(createdAt, condition.lastTransitionTime) : undefined;
}

function scheduledIn(spec: RawObject, status: RawObject, createdAt: number): PodView["scheduled"] {
  const condition = findCondition(status, "PodScheduled");
  const at = instantAfter(createdAt, condition?.lastTransitionTime);
  // A pod that was given a node by its spec never passes the scheduler.
  const ok = condition ? condition.status === "True" : optionalText(spec.nodeName) !== undefined;
  if (ok || condition === undefined) return { ok, at };
  return { ok, at, reason: shared(condition.reason), message: boundedText(asText(condition.message)) };
}

function shared(value: unknown): string | undefined {
  const text = optionalText(value);
  return text === undefined ? undefined : sharedText(text);
}
