// Services without an endpoint although the new pods are ready: everything is "Running", and nobody is served. Pure.
import { labelsText } from "../labels.ts";
import { isWidespread, type Rollout, widespreadSince } from "../rollout/rollout.ts";
import { selects, unmatchedLabels } from "../rollout/services.ts";
import type { ServiceView } from "../snapshot/service.ts";
import { type Check, healthy, lasting, told } from "./fault.ts";

/** How long after completion the old pods' endpoints may still go. */
const AFTERMATH_MS = 30_000;
/**
 * Where the selector matches the pods, their endpoints are on the way: a busy kubelet was seen to report a pod 25 s
 * after the time that it named as the one when it became ready, and the endpoints come after that.
 */
const MATCHING_FACTOR = 4;

export const emptyEndpoints: Check = (rollout, now) => {
  const { policy, pods, services, revision } = rollout;
  if (!policy.spec.checks.emptyEndpoints.enabled) return healthy("emptyEndpoints");
  // Without ready pods an empty Service is the consequence of another fault, or of a node that was lost.
  const ready = pods.filter(({ isReady }) => isReady);
  if (!isWidespread(ready, pods)) return healthy("emptyEndpoints");
  const readySinceAt = widespreadSince(
    ready.map(({ readyChangedAt }) => readyChangedAt),
    pods.length,
  );
  const empty = services.flatMap((service) => {
    const sinceAt = emptyBecauseOf(rollout, service);
    if (sinceAt === undefined) return [];
    const missing = unmatchedLabels(service, revision.template.labels);
    const patienceMs = policy.emptyEndpointsMs * (missing.length > 0 ? 1 : MATCHING_FACTOR);
    const countsFromAt = Math.max(sinceAt, readySinceAt);
    return [{ service, missing, sinceAt: countsFromAt, untilAt: countsFromAt + patienceMs }];
  });
  const [first] = [...empty].sort((a, b) => a.untilAt - b.untilAt);
  if (!first) return healthy("emptyEndpoints");
  const { missing } = first;
  const because =
    missing.length > 0
      ? `; its selector asks for ${missing.join(", ")}, which the new pods do not have`
      : "; its selector matches the new pods";
  const fault = {
    sinceAt: first.sinceAt,
    ...told(
      "EmptyEndpoints",
      `${ready.length} of ${pods.length} pods are ready, and Service ${first.service.name} has no endpoint${because}`,
      [
        ...empty.map(
          ({ service }) =>
            `Service ${service.name}: 0 ready endpoints, selector ${labelsText(service.selector)}`,
        ),
        `pods of ${revision.source.name} have the labels ${labelsText(revision.template.labels)}`,
      ],
    ),
  };
  return lasting("emptyEndpoints", fault, first.untilAt, now);
};

/**
 * Since when the Service is empty, if it can be this rollout's doing. Not: empty since before the rollout, unless there
 * was nothing before it; emptied long after completion, for the labels of pods that are still ready did not change then.
 * Where those labels alone tell it, it does not matter how late the loss is seen: watches and endpoint controllers lag.
 */
function emptyBecauseOf(rollout: Rollout, service: ServiceView): number | undefined {
  const { startedAt, completedAt, baseline } = rollout;
  const { readyEndpoints, emptySinceAt, sawLoss } = service;
  if (readyEndpoints > 0 || emptySinceAt === undefined) return undefined;
  if (baseline && emptySinceAt + 1_000 < startedAt) return undefined;
  const isLate = sawLoss && completedAt !== undefined && emptySinceAt > completedAt + AFTERMATH_MS;
  return isLate && !isLostByLabels(rollout, service) ? undefined : emptySinceAt;
}

/** The Service would select the pods of the baseline, and does not select the new ones. */
function isLostByLabels({ baseline, revision }: Rollout, service: ServiceView): boolean {
  return (
    baseline !== undefined &&
    selects(service, baseline.template.labels) &&
    !selects(service, revision.template.labels)
  );
}
