// The harm that an Incident has done: endpoint-seconds that the Services lost. Pure.
import type { IncidentStatus } from "../../api/incident.ts";
import { endpointsBefore, lostEndpointSeconds } from "../rollout/loss.ts";
import { countedServices } from "../services/counted-services.ts";
import { withoutVersionsLeft } from "../services/version-services.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { ServiceView } from "../snapshot/service.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";

/**
 * Endpoint-seconds lost since the rollout began, with those that are already recorded: from the last entry of the timeline on
 * they are added.
 * @param status what is recorded; undefined before the first status
 * @param untilAt epoch ms
 */
export function harmUntil(
  snapshot: Snapshot,
  { spec }: Pick<IncidentView, "spec">,
  status: IncidentStatus | undefined,
  untilAt: number,
): number {
  const { guard, workload } = snapshot;
  const recorded = status?.lostEndpointSeconds;
  const fromAt =
    recorded === undefined ? spec.rolloutStartedAt : (status?.timeline.at(-1)?.at ?? spec.detectedAt);
  const desired = workload?.desiredReplicas ?? 0;
  const lost = measuredServices(snapshot).map((service) => {
    const before = endpointsBefore(guard.status, service, desired);
    return before === undefined ? 0 : lostEndpointSeconds(service, before, Date.parse(fromAt), untilAt);
  });
  return (recorded ?? 0) + Math.round(lost.reduce((sum, seconds) => sum + seconds, 0));
}

/** What a version's Service hands over to the next one's is not lost. */
function measuredServices(snapshot: Snapshot): readonly ServiceView[] {
  const { services, workload, revisions } = snapshot;
  const current = workload && rulesOf(workload).currentRevision(workload, revisions);
  if (current === undefined) return services;
  return withoutVersionsLeft(services, countedServices(snapshot), current.template.labels);
}
