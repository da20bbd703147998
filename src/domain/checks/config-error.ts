// Containers that cannot be created: a missing Secret, ConfigMap, key or volume, or a command that is not there. Pure.

import type { Rollout } from "../rollout/rollout.ts";
import type { PodView } from "../snapshot/pod.ts";
import {
  type AffectedPod,
  type Check,
  eventsAbout,
  findingOfPods,
  healthy,
  podShare,
  told,
} from "./fault.ts";

/** Volume errors have no waiting reason of their own: the pod's status only says that it is still being created. */
const MISSING_VOLUME = /not found|references non-existent|couldn't find key/i;
/** So a pod counts only when it has been in creation for this long and an Event names what is missing. */
const VOLUME_MS = 30_000;
/** The kubelet tries again after two minutes at the latest; an older complaint has been answered since. */
const STILL_MISSING_MS = 150_000;

export const configError: Check = (rollout, now) => {
  if (!rollout.policy.spec.checks.configError.enabled) return healthy("configError");
  const affected = rollout.pods.flatMap((pod) => affectedPod(rollout, pod, now) ?? []);
  return findingOfPods("configError", rollout, affected, now, (pods) => {
    const evidence = pods.flatMap(({ pod }) => [...complaints(pod), ...volumeComplaints(rollout, pod, now)]);
    const first = evidence[0] ?? "a container cannot be created";
    return told("ContainerConfigError", `${podShare(pods, rollout)} cannot be created: ${first}`, [
      ...evidence,
      ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Failed", "FailedMount"])),
    ]);
  });
};

function affectedPod(rollout: Rollout, pod: PodView, now: number): AffectedPod | undefined {
  if (pod.startTrouble?.kind === "config") {
    const { sinceAt } = pod.startTrouble;
    return { pod, sinceAt, untilAt: sinceAt + rollout.policy.configErrorMs };
  }
  if (isBeingCreated(pod) && volumeComplaints(rollout, pod, now).length > 0) {
    const sinceAt = pod.scheduled.at;
    return { pod, sinceAt, untilAt: sinceAt + Math.max(VOLUME_MS, rollout.policy.configErrorMs) };
  }
  return undefined;
}

/** The kubelet's word for a container that waits for the pod's volumes: the second one where there are init containers. */
const IN_CREATION = new Set(["ContainerCreating", "PodInitializing"]);

/** No container has been started: volumes come before all of them. */
function isBeingCreated({ scheduled, containers }: PodView): boolean {
  return (
    scheduled.ok &&
    containers.length > 0 &&
    containers.every(
      ({ state, last }) => state.is === "waiting" && IN_CREATION.has(state.reason) && last === undefined,
    )
  );
}

function complaints(pod: PodView): readonly string[] {
  return pod.containers.flatMap(({ name, state }) =>
    state.is === "waiting" && state.message ? [`container ${name}: ${state.reason}: ${state.message}`] : [],
  );
}

function volumeComplaints(rollout: Rollout, pod: PodView, now: number): readonly string[] {
  return rollout.snapshot.events
    .filter(
      ({ involved, reason, message, lastAt }) =>
        involved.uid === pod.uid &&
        reason === "FailedMount" &&
        MISSING_VOLUME.test(message) &&
        now - lastAt < STILL_MISSING_MS,
    )
    .map(({ message }) => message);
}
