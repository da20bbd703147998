// What the pods that are left tell of a revision that nobody watched: that it serves, or that it never did. Pure.
import type { LedgerEntry } from "../../api/rollout-guard.ts";
import { hasLabels } from "../labels.ts";
import { countedServices } from "../services/counted-services.ts";
import { unservedPorts } from "../services/service-ports.ts";
import { isOfOtherVersion } from "../services/version-services.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { EndpointChange } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { knownServices } from "./known-services.ts";

/**
 * Whether at least half of the revision's pods have been ready for the bake time, the Services that served the workload reach them,
 * and no pod of an older revision is left: so it was complete, and serves, though it came and was replaced while no operator ran.
 */
export function stillServes(
  snapshot: Snapshot,
  revision: RevisionView,
  { bakeTimeMs, now }: { readonly bakeTimeMs: number; readonly now: number },
): boolean {
  const steady = snapshot.pods.filter(
    (pod) => pod.revisionId === revision.id && !pod.isDeleting && isSteady(pod, now - bakeTimeMs),
  );
  const isAlone = snapshot.revisions.every(
    (other) => other.revision >= revision.revision || other.replicas === 0,
  );
  return (
    steady.length > 0 && steady.length * 2 >= revision.replicas && isAlone && isReached(snapshot, revision)
  );
}

/** Ready since then. A lost node and its return change only the Ready condition, not that of the containers. */
function isSteady({ isReady, readyChangedAt, containersReadyAt }: PodView, sinceAt: number): boolean {
  return isReady && Math.min(readyChangedAt, containersReadyAt ?? readyChangedAt) <= sinceAt;
}

/**
 * Whether every Service that is known to have served the workload has endpoints, selects the pods and finds its port there. One
 * of another version does not have to.
 */
export function isReached(snapshot: Snapshot, { template }: RevisionView): boolean {
  const served = knownServices(snapshot.guard);
  const peers = countedServices(snapshot);
  return peers
    .filter((service) => served.has(service.name) && !isOfOtherVersion(service, peers, template.labels))
    .every(
      (service) =>
        service.readyEndpoints > 0 &&
        hasLabels(template.labels, service.selector) &&
        unservedPorts(service, template).length === 0,
    );
}

/** Old pods end this late after a rollout has begun. */
const REPLACED_MS = 5_000;

/**
 * Whether the revision is known never to have been available: the guard noted so when it was replaced, pods of an older one still
 * serve, which it has not replaced, or the workload has not been available since its rollout began and no Service had an endpoint.
 * Of active and passive pods one can serve all the time while the workload calls itself unavailable.
 */
export function neverServed(
  { revisions, workload, guard, services }: Snapshot,
  { hash, revision, createdAt, availableReplicas }: RevisionView,
  entry: LedgerEntry | undefined,
): boolean {
  if (availableReplicas > 0) return false;
  if (entry !== undefined) return entry.verdict === "Unproven" && entry.readyPercent === undefined;
  if (revisions.some((older) => older.revision < revision && older.availableReplicas > 0)) return true;
  const { current } = guard.status;
  const startedAt = current?.hash === hash ? Date.parse(current.since) : createdAt;
  const unavailableSince = workload && rulesOf(workload).unavailableSince(workload);
  const replacedAt = startedAt + REPLACED_MS;
  if (unavailableSince === undefined || unavailableSince > replacedAt) return false;
  return !services.some(({ changes = [] }) => hadEndpointsAfter(changes, replacedAt));
}

function hadEndpointsAfter(changes: readonly EndpointChange[], at: number): boolean {
  return changes.some(
    ({ ready }, index) => ready > 0 && (changes[index + 1]?.at ?? Number.POSITIVE_INFINITY) > at,
  );
}
