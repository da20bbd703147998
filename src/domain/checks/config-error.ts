// Containers that cannot be created: a missing Secret, ConfigMap, key or volume, or a command that is not there. Pure.

import { containerComplaint } from "../rollout/complaints.ts";
import { isBeingCreated, VOLUME_REASONS, volumeComplaints } from "../rollout/pod-creation.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { startTroubleSince } from "../rollout/start-failure.ts";
import type { PodView } from "../snapshot/pod.ts";
import {
  type AffectedPod,
  type Check,
  eventsAbout,
  fault,
  findingOfPods,
  healthy,
  podShare,
} from "./fault.ts";
import { countsAt, type Evidence, patienceWith } from "./urgency.ts";

/** The kubelet has tried twice by then. */
const URGENT_MS = 20_000;
/**
 * Volume errors have no waiting reason of their own: the pod's status only says that it is still being created. So a pod
 * counts only when it has been in creation for this long and an Event names what is missing.
 */
const VOLUME_MS = 30_000;
/**
 * The kubelet waits twice as long before each try to mount: it tries after 64 s and after 128 s. What is created within two
 * minutes is mounted by then.
 */
const MOUNTED_MS = 15_000;

export const configError: Check = (rollout, now) => {
  if (!rollout.policy.spec.checks.configError.enabled) return healthy("configError");
  const affected = rollout.pods.flatMap((pod) => affectedPod(rollout, pod, now) ?? []);
  const isProven = affected.some(({ complaint }) => complaint !== "expected" && complaint !== "behaviour");
  return findingOfPods(rollout, now, {
    check: "configError",
    affected,
    needsSecondPod: !isProven,
    isSuspicious: isProven,
    describe: (pods, { isFailing }) => {
      const evidence = pods.flatMap(({ pod }) => [
        ...complaints(pod),
        ...volumeComplaints(rollout, pod, now).map(({ message }) => message),
      ]);
      const first = evidence[0] ?? "a container cannot be created";
      const what = isFailing ? "cannot start" : "cannot start yet";
      return fault("ContainerConfigError", `${podShare(pods, rollout)} ${what}: ${first}`, [
        ...evidence,
        ...pods.flatMap(({ pod }) => eventsAbout(rollout, pod.uid, ["Failed", ...VOLUME_REASONS])),
      ]);
    },
  });
};

interface Complaining extends AffectedPod {
  readonly complaint: Evidence;
}

function affectedPod(rollout: Rollout, pod: PodView, now: number): Complaining | undefined {
  const explicitMs = rollout.policy.configErrorMs;
  const troubleSinceAt = startTroubleSince(rollout, pod);
  if (troubleSinceAt !== undefined && pod.startFailure?.kind === "config") {
    const sinceAt = troubleSinceAt;
    // What a hook of the release does is what the release does.
    const complaint = isHookFailing(pod) ? "behaviour" : containerComplaint(complaints(pod).join("\n"));
    const untilAt = countsAt(rollout, sinceAt, patienceWith(complaint, URGENT_MS, explicitMs));
    return { pod, sinceAt, untilAt, complaint };
  }
  const [first] = isBeingCreated(pod) ? volumeComplaints(rollout, pod, now) : [];
  if (first === undefined) return undefined;
  const sinceAt = pod.scheduled.at;
  const explicit = explicitMs === undefined ? undefined : Math.max(VOLUME_MS, explicitMs);
  const patience = patienceWith(first.complaint, VOLUME_MS, explicit);
  const isPatient = first.complaint === "missingObject" && explicit === undefined;
  const patientMs = patience.patientMs + (isPatient ? MOUNTED_MS : 0);
  const untilAt = countsAt(rollout, sinceAt, { ...patience, patientMs });
  return { pod, sinceAt, untilAt, complaint: first.complaint };
}

/** The container was started, and the command that follows its start failed: the kubelet tries again. */
function isHookFailing({ containers }: PodView): boolean {
  return containers.some(({ state }) => state.is === "waiting" && state.reason === "PostStartHookError");
}

function complaints(pod: PodView): readonly string[] {
  return pod.containers.flatMap(({ name, state, last }) => {
    if (state.is === "waiting" && state.message) {
      const never = last?.message ? ` (${last.reason}: ${last.message})` : "";
      return [`container ${name}: ${state.reason}: ${state.message}${never}`];
    }
    return state.is === "terminated" && state.message
      ? [`container ${name}: ${state.reason}: ${state.message}`]
      : [];
  });
}
