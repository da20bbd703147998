// How a rollout of a Deployment replaces pods: how many more, and how many fewer, there are meanwhile.
import type { Field } from "./field.ts";
import type { Inventory } from "./inventory.ts";
import type { Manifest } from "./manifest.ts";
import type { Workload } from "./workload.ts";

export interface RolloutPlan {
  readonly replicas: number;
  /** Pods beyond the replicas; none with Recreate. */
  readonly surge: number;
  /** Pods that can be missing. */
  readonly unavailable: number;
}

/** Undefined for what is no Deployment. */
export function rolloutPlanOf(workload: Workload, inventory: Inventory): RolloutPlan | undefined {
  const { manifest } = workload;
  if (manifest.kind !== "Deployment") return undefined;
  const replicas = fewestReplicas(workload, inventory);
  const strategy = manifest.root.at("spec", "strategy");
  if (strategy.at("type").text === "Recreate") return { replicas, surge: 0, unavailable: replicas };
  const rolling = strategy.at("rollingUpdate");
  const surge = podsOf(rolling.at("maxSurge"), replicas, Math.ceil) ?? Math.ceil(replicas / 4);
  const unavailable = podsOf(rolling.at("maxUnavailable"), replicas, Math.floor) ?? Math.floor(replicas / 4);
  return { replicas, surge, unavailable };
}

/** Whether a new pod has to find a place before an old one leaves. */
export function needsRoomForSurge({ surge, unavailable }: RolloutPlan): boolean {
  return surge > 0 && unavailable === 0;
}

/** Its replicas; the fewest that its autoscaler keeps, if it has one. */
export function fewestReplicas({ manifest }: Workload, inventory: Inventory): number {
  const scaler = autoscalerOf(manifest, inventory);
  const own = manifest.root.at("spec", "replicas").number ?? 1;
  return scaler === undefined ? own : (scaler.root.at("spec", "minReplicas").number ?? 1);
}

/** The HorizontalPodAutoscaler that scales the workload. */
export function autoscalerOf({ kind, name, scope }: Manifest, inventory: Inventory): Manifest | undefined {
  return inventory.inScope(scope, "autoscaling", "HorizontalPodAutoscaler").find((scaler) => {
    const target = scaler.root.at("spec", "scaleTargetRef");
    return target.at("kind").text === kind && target.at("name").text === name;
  });
}

/** A number of pods, or a share of the replicas. */
export function podsOf(field: Field, replicas: number, round: (share: number) => number): number | undefined {
  if (field.number !== undefined) return field.number;
  const percent = /^(\d+)%$/.exec(field.text ?? "")?.[1];
  return percent === undefined ? undefined : round((replicas * Number(percent)) / 100);
}
