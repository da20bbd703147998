// Whether a revision serves: enough pods, the endpoints of its Services, and since when without a break. Pure.
import type { PodView } from "../snapshot/pod.ts";
import { isObserved } from "../workload/observed.ts";
import { rulesOf } from "../workload/rules-by-kind.ts";
import { endsByDesign, lastFailureAt } from "./crashes.ts";
import { endpointsBefore } from "./loss.ts";
import { isNodeFailure, undisturbedPodsOf } from "./pods.ts";
import type { Rollout } from "./rollout.ts";
import { hasServed } from "./services.ts";

/** As many pods available as the baseline has, and every Service that is known to have served with most of its endpoints. */
export function isServing(rollout: Rollout): boolean {
  const { workload, before } = rollout;
  const share = (before?.readyPercent ?? 100) / 100;
  return rulesOf(workload).isAvailable(workload, share) && haveEndpoints(rollout);
}

/** The Services that lack endpoints; one that never served the workload lacks none. */
export function lackingServices({ snapshot, services, workload }: Rollout) {
  return services.filter((service) => {
    if (!hasServed(snapshot, service)) return false;
    const before = endpointsBefore(snapshot.guard.status, service, workload.desiredReplicas) ?? 1;
    return service.readyEndpoints === 0 || service.readyEndpoints * 2 < before;
  });
}

function haveEndpoints(rollout: Rollout): boolean {
  return lackingServices(rollout).length === 0;
}

/**
 * Since when, after `sentAt`, a restored revision has enough pods and endpoints without a break (epoch ms); undefined while it has
 * not. Enough is what a rollout of it would keep: all desired pods but maxUnavailable.
 */
export function servingSince(rollout: Rollout, sentAt: number): number | undefined {
  const { workload, before, revision, snapshot } = rollout;
  const { desiredReplicas, maxUnavailable, strategy } = workload;
  if (!isObserved(workload)) return undefined;
  if (desiredReplicas === 0) return workload.replicas === 0 ? sentAt : undefined;
  const share = Math.floor((desiredReplicas * (before?.readyPercent ?? 100)) / 100);
  const needed = Math.max(1, strategy === "Recreate" ? share : share - maxUnavailable);
  // Whoever scales up meanwhile wants more pods than the rollback made: those serve as well.
  const ready = undisturbedPodsOf(snapshot, revision).filter(({ isReady }) => isReady);
  if (workload.updatedReplicas < needed || workload.availableReplicas < needed || ready.length < needed)
    return undefined;
  if (!haveEndpoints(rollout)) return undefined;
  const becameReady =
    ready.map(({ readyChangedAt }) => readyChangedAt).sort((a, b) => a - b)[needed - 1] ?? sentAt;
  return Math.max(
    sentAt,
    becameReady,
    ...rollout.services.flatMap(
      (service) =>
        service.changes?.findLast(({ ready }, index, all) => ready > 0 && all[index - 1]?.ready === 0)?.at ??
        [],
    ),
  );
}

/**
 * When at least half of the pods last showed a sign of trouble after completion (a failed end of a container, a spell of
 * unreadiness), beyond what the baseline showed; 0 when there was none. The bake time begins again there.
 */
export function disturbedAt(rollout: Rollout): number {
  const { pods, completedAt, before } = rollout;
  if (completedAt === undefined) return 0;
  const isWorker = endsByDesign(rollout);
  const hadFailures = (before?.failuresPerHour ?? 0) > 0;
  const wasUnready = before?.readyPercent !== undefined;
  const times = pods.map((pod) =>
    Math.max(
      hadFailures ? 0 : (lastFailureAt(pod, isWorker) ?? 0),
      wasUnready ? 0 : readinessChangedAt(pod, completedAt),
    ),
  );
  const decisive = Math.ceil(pods.length / 2);
  const at = times.sort((a, b) => b - a)[decisive - 1] ?? 0;
  return at > completedAt ? at : 0;
}

/**
 * When a pod of the rollout last lost readiness, or became ready again, after completion; 0 when it never did, or its node did. The
 * workload's own counts can be behind its pods: what they still call available is disturbed already.
 */
function readinessChangedAt(pod: PodView, completedAt: number): number {
  const { isReady, readyChangedAt, createdAt, containersReadyAt } = pod;
  if (isNodeFailure(pod) || createdAt > completedAt + 1_000) return 0;
  const isNodeBack = isReady && containersReadyAt !== undefined && containersReadyAt + 1_000 < readyChangedAt;
  if (isNodeBack && pod.hasReadinessGates !== true) return 0;
  return readyChangedAt > completedAt + 1_000 ? readyChangedAt : 0;
}
