// Which pods a metric or HTTP check is about: those that are ready and warm. Pure.
import { undisturbedPodsOf } from "../rollout/pods.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { AskedPod } from "../snapshot/asked-pod.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { RevisionView } from "../snapshot/revision.ts";

/** A pod, and since when its answers count. */
export interface WarmPod {
  readonly pod: PodView;
  readonly sinceAt: number;
}

/**
 * The ready pods of the rollout's revision whose answers count already, the warmest first. What happened before the rollout
 * began is of another one.
 */
export function warmNewPods(
  { pods, startedAt }: Rollout,
  initialDelayMs: number,
  now: number,
): readonly WarmPod[] {
  return warm(pods, startedAt, initialDelayMs).filter(({ sinceAt }) => sinceAt <= now);
}

/** When the next of them is warm; undefined while no other pod is ready. */
export function nextWarmAt(
  { pods, startedAt }: Rollout,
  initialDelayMs: number,
  now: number,
): number | undefined {
  return warm(pods, startedAt, initialDelayMs).find(({ sinceAt }) => sinceAt > now)?.sinceAt;
}

/** The same of the pods of the revision that it is compared with. Of those that are being deleted nothing counts. */
export function warmOldPods(
  { snapshot, baseline }: Rollout,
  initialDelayMs: number,
  now: number,
): readonly WarmPod[] {
  if (baseline === undefined) return [];
  return warm(undisturbedPodsOf(snapshot, baseline), 0, initialDelayMs).filter(
    ({ sinceAt }) => sinceAt <= now,
  );
}

function warm(pods: readonly PodView[], notBefore: number, initialDelayMs: number): readonly WarmPod[] {
  return pods
    .filter(({ isReady }) => isReady)
    .map((pod) => ({ pod, sinceAt: Math.max(pod.readyChangedAt, notBefore) + initialDelayMs }))
    .sort((a, b) => a.sinceAt - b.sinceAt || (a.pod.name < b.pod.name ? -1 : 1));
}

/** The pod as adapters ask it: the port of the readiness probe first. */
export function askedPod({ name, uid, reach }: PodView, { template }: RevisionView): AskedPod {
  const containers = template.containers.filter(({ kind }) => kind !== "init");
  const declared = containers.flatMap(({ ports }) => ports);
  const probed = containers.flatMap(({ readiness }) => readiness?.port ?? [])[0];
  const ports = [...declared].sort((a, b) => Number(b.port === probed) - Number(a.port === probed));
  return {
    name,
    uid,
    addresses: reach?.addresses ?? [],
    isHostNetwork: reach?.isHostNetwork ?? false,
    ports,
    ...(template.scrape && { scrape: template.scrape }),
  };
}
