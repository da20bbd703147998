// Services that lose their endpoints with the old pods: selector and ports say so before the first one is gone. Pure.
import type { Finding } from "../decision.ts";
import { labelsText } from "../labels.ts";
import { type ForeseenLoss, foreseenLosses } from "../rollout/foreseen.ts";
import { isFrozen } from "../rollout/frozen.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { fault, groundsIn, healthy, lasting } from "./fault.ts";
import { countsAt, patienceWith } from "./urgency.ts";

/** How long a Service can be without endpoints although selector or ports say that no new pod can be one. */
export const URGENT_MS = 15_000;

/**
 * What the Services are going to lose. It is pending as long as the rollout takes its course: a loss that is seen counts, as always.
 * Where RolloutGuard has paused the rollout nothing is lost, so it counts after the same time: from when the new pods are ready, or
 * from the start where there is none of them.
 * @param readySinceAt since when most of the new pods are ready
 */
export function foreseenEndpoints(rollout: Rollout, readySinceAt: number | undefined, now: number): Finding {
  const { policy, workload, revision, startedAt, pods } = rollout;
  const losses = foreseenLosses(rollout);
  const [first] = losses;
  if (!first) return healthy("emptyEndpoints");
  const countedFromAt = readySinceAt ?? (pods.length === 0 ? startedAt : Number.POSITIVE_INFINITY);
  const isCounted = isFrozen(workload, revision) && Number.isFinite(countedFromAt);
  const patience = patienceWith("mistake", URGENT_MS, policy.emptyEndpointsMs);
  const untilAt = isCounted
    ? countsAt(rollout, Math.max(startedAt, countedFromAt), patience)
    : Number.POSITIVE_INFINITY;
  const found = {
    sinceAt: startedAt,
    restsOn: groundsIn(rollout, "endpoints"),
    isSuspicious: true,
    ...fault(
      "EmptyEndpoints",
      `Service ${first.service.name} loses its endpoints with the old pods${because(first)}`,
      [
        ...losses.map(
          ({ service }) =>
            `Service ${service.name}: ${service.readyEndpoints} ready endpoints, selector ${labelsText(service.selector)}`,
        ),
        `pods of ${revision.source.name} have the labels ${labelsText(revision.template.labels)}`,
      ],
    ),
  };
  return lasting("emptyEndpoints", found, untilAt, now);
}

function because({ labels, ports }: ForeseenLoss): string {
  return labels.length > 0
    ? `: its selector requires ${labels.join(", ")}, which the new pods do not have`
    : `: it sends to port ${ports.join(", ")}, which no container of the new pods has`;
}
