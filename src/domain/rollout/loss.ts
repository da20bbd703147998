// Harm: how many of the endpoints that it had before the rollout a Service has lost. Pure.
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { WorkloadView } from "../snapshot/workload.ts";

/** What is lost at this moment. */
export interface Loss {
  /** Of the Service that lost most: 0 nothing, 1 all endpoints. */
  readonly share: number;
  /** Since when it has fewer than before (epoch ms); 0 when nothing is lost, or nobody saw it begin. */
  readonly sinceAt: number;
}

const NO_LOSS: Loss = { share: 0, sinceAt: 0 };

/**
 * The share of a Service's endpoints that must be lost before a fault becomes urgent: more than a rolling update takes away by
 * Kubernetes' default, which nobody chose, be the release good or bad.
 */
export const MORE_THAN_A_QUARTER = 1 / 4;

/** Whether a Service has lost a larger share of its endpoints than that. */
export function losesService(
  { loss }: { readonly loss: Loss },
  tolerated: number = MORE_THAN_A_QUARTER,
): boolean {
  return loss.share > tolerated + 0.01;
}

/**
 * The endpoints that a Service had before the rollout, in proportion to what is desired now; undefined for one that is not
 * known to have served the workload.
 */
export function endpointsBefore(
  { services = [] }: RolloutGuardStatus,
  service: Pick<ServiceView, "name">,
  desired: number,
): number | undefined {
  const before = services.find(({ name }) => name === service.name)?.endpoints;
  return before === undefined ? undefined : Math.min(before, Math.max(1, desired));
}

/**
 * The greatest loss among the Services. A workload that no Service is known to have served is measured by its ready pods.
 * @param wanted how many pods were desired when the rollout began
 */
export function lossOf(
  status: RolloutGuardStatus,
  services: readonly ServiceView[],
  workload: WorkloadView,
  wanted: number,
): Loss {
  const desired = Math.min(workload.desiredReplicas, wanted);
  const losses = services.flatMap((service) => {
    const before = endpointsBefore(status, service, desired);
    return before === undefined ? [] : [lossOfService(service, before)];
  });
  if (losses.length === 0) {
    const share = desired > 0 ? Math.max(0, 1 - workload.readyReplicas / desired) : 0;
    return share > 0 ? { share, sinceAt: 0 } : NO_LOSS;
  }
  return losses.reduce((most, loss) => (loss.share > most.share ? loss : most));
}

function lossOfService({ readyEndpoints, changes = [] }: ServiceView, before: number): Loss {
  if (readyEndpoints >= before) return NO_LOSS;
  let sinceAt = 0;
  for (const { at, ready } of changes.toReversed()) {
    if (ready >= before) break;
    sinceAt = at;
  }
  return { share: 1 - readyEndpoints / before, sinceAt };
}

/** Endpoint-seconds that a Service has had too few of since then, as far as its history tells. */
export function lostEndpointSeconds(
  { changes = [] }: ServiceView,
  before: number,
  fromAt: number,
  untilAt: number,
): number {
  let lostMs = 0;
  for (const [index, { at, ready }] of changes.entries()) {
    const beginsAt = Math.max(at, fromAt);
    const endsAt = Math.min(changes[index + 1]?.at ?? untilAt, untilAt);
    if (endsAt > beginsAt && ready < before) lostMs += (endsAt - beginsAt) * (before - ready);
  }
  return lostMs / 1_000;
}
