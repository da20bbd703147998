// Pods that are being created: what the kubelet and the controllers complain of. Pure.
import type { ContainerView, PodView } from "../snapshot/pod.ts";
import { type Complaint, volumeComplaint } from "./complaints.ts";
import type { Rollout } from "./rollout.ts";

/** The kubelet tries again after two minutes at the latest; an older complaint has been answered since. */
const STILL_MISSING_MS = 150_000;
/** What the kubelet, and the attach controller, say of a pod whose sandbox or volumes are not there. */
export const VOLUME_REASONS: ReadonlySet<string> = new Set([
  "FailedMount",
  "FailedAttachVolume",
  "FailedCreatePodSandBox",
]);

/** The kubelet's word for a container that waits for the pod's volumes: the second one where there are init containers. */
const IN_CREATION = new Set(["ContainerCreating", "PodInitializing"]);

/** No container has been started: the node mounts all volumes before the first one. */
export function isBeingCreated({ scheduled, containers }: PodView): boolean {
  return scheduled.ok && containers.length > 0 && containers.every(isInCreation);
}

/** No container of the application has been started; init containers can be done. */
export function isBeforeStart({ scheduled, containers }: PodView): boolean {
  const isDone = ({ kind, state }: ContainerView) =>
    kind === "init" && state.is === "terminated" && state.exitCode === 0;
  return scheduled.ok && containers.length > 0 && containers.every((one) => isInCreation(one) || isDone(one));
}

function isInCreation({ state, last }: ContainerView): boolean {
  return state.is === "waiting" && IN_CREATION.has(state.reason) && last === undefined;
}

export interface VolumeComplaint {
  readonly message: string;
  readonly complaint: Complaint;
}

const BY_PROOF: readonly Complaint[] = ["mistake", "missingObject", "unclear", "expected"];

/** What Events say lately of the pod's volumes and sandbox, what proves most first. */
export function volumeComplaints(
  { snapshot }: Rollout,
  pod: PodView,
  now: number,
): readonly VolumeComplaint[] {
  return snapshot.events
    .filter(
      ({ involved, reason, lastAt }) =>
        involved.uid === pod.uid && VOLUME_REASONS.has(reason) && now - lastAt < STILL_MISSING_MS,
    )
    .map(({ message }) => ({ message, complaint: volumeComplaint(message) }))
    .sort((a, b) => BY_PROOF.indexOf(a.complaint) - BY_PROOF.indexOf(b.complaint));
}

/** What keeps the pod from running, in the words of Kubernetes' components; "no reason given" without any. */
export function lastComplaint(rollout: Rollout, pod: PodView, now: number): string {
  if (!pod.scheduled.ok) return pod.scheduled.message ?? "not scheduled";
  const [volume] = volumeComplaints(rollout, pod, now);
  if (volume) return volume.message;
  for (const { name, state } of pod.containers) {
    if (state.is === "waiting" && state.message !== "")
      return `container ${name}: ${state.reason}: ${state.message}`;
    if (state.is === "terminated" && state.exitCode !== 0)
      return `container ${name} terminated with exit code ${state.exitCode}`;
  }
  return "no reason given";
}
