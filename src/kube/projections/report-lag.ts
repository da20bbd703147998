// How late a kubelet tells what happened: the API server's time of a report against the instants that it tells.
import type { PodView } from "../../domain/snapshot/pod.ts";
import { asInstant, asList, asObject, type RawObject } from "../objects.ts";

/**
 * For how long the kubelet's last report about the pod was under way; undefined when it told nothing new, or when
 * nobody knows the time of it (without managedFields). Both clocks count whole seconds.
 */
export function reportLagOf(
  object: RawObject,
  before: PodView | undefined,
  after: PodView,
): number | undefined {
  if (before?.uid !== after.uid) return undefined;
  const notedAt = newestInstantOf(after);
  if (notedAt <= newestInstantOf(before)) return undefined;
  const reportedAt = lastReportAt(object);
  return reportedAt === undefined ? undefined : Math.max(0, reportedAt - notedAt);
}

/** When the API server took the kubelet's last change of the status. */
function lastReportAt(object: RawObject): number | undefined {
  const times = asList(asObject(object.metadata).managedFields)
    .map(asObject)
    .filter(({ manager, subresource }) => manager === "kubelet" && subresource === "status")
    .flatMap(({ time }) => asInstant(time) ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The last thing that the kubelet says has happened to the pod. */
function newestInstantOf({ readyChangedAt, initializedAt, containers }: PodView): number {
  const ofContainers = containers.flatMap(({ state, last }) => [
    state.is === "running" ? state.startedAt : 0,
    state.is === "terminated" ? state.finishedAt : 0,
    last?.finishedAt ?? 0,
  ]);
  return Math.max(readyChangedAt, initializedAt ?? 0, ...ofContainers);
}
