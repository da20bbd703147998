// The harm that an Incident has done: endpoint-seconds that the Services lost. Pure.
import type { IncidentStatus } from "../../api/incident.ts";
import { endpointsBefore, lostEndpointSeconds } from "../rollout/loss.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/**
 * Endpoint-seconds lost since the rollout began, with those that are already recorded: from the last entry of the timeline on
 * they are added.
 * @param status what is recorded; undefined before the first status
 * @param untilAt epoch ms
 */
export function harmUntil(
  { guard, services, workload }: Snapshot,
  { spec }: Pick<IncidentView, "spec">,
  status: IncidentStatus | undefined,
  untilAt: number,
): number {
  const recorded = status?.lostEndpointSeconds;
  const fromAt =
    recorded === undefined ? spec.rolloutStartedAt : (status?.timeline.at(-1)?.at ?? spec.detectedAt);
  const desired = workload?.desiredReplicas ?? 0;
  const lost = services.map((service) => {
    const before = endpointsBefore(guard.status, service, desired);
    return before === undefined ? 0 : lostEndpointSeconds(service, before, Date.parse(fromAt), untilAt);
  });
  return (recorded ?? 0) + Math.round(lost.reduce((sum, seconds) => sum + seconds, 0));
}
