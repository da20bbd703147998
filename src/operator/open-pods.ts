// How the operator asks pods, by its settings.
import { type Dial, dialDirectly, dialThrough } from "../answers/pods/dial.ts";
import { PodClient } from "../answers/pods/pod-client.ts";
import type { ClusterClock } from "../kube/cluster-clock.ts";
import type { Settings } from "./settings-table.ts";

interface PodsParts {
  readonly clock: ClusterClock;
  readonly userAgent: string;
  /** Where a simulation takes the place of the network. */
  readonly dialPod: Dial | undefined;
}

/** Undefined: pods are not asked. */
export function openPods(
  { httpChecks, podProxy }: Settings,
  { clock, userAgent, dialPod }: PodsParts,
): PodClient | undefined {
  if (!httpChecks) return undefined;
  const dial = dialPod ?? (podProxy === "none" ? dialDirectly : dialThrough(podProxy));
  return new PodClient({ dial, clock, userAgent });
}
