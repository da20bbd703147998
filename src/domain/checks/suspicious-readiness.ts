// Which pods that are not ready yet are suspicious: an ordinary start, also a slow one, does not look like that. Pure.
import type { Finding } from "../decision.ts";
import { unaskableProbes } from "../rollout/foreseen.ts";
import { probeFailureOf } from "../rollout/probe-failures.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { lostReadinessAt, startTimeMs } from "../rollout/start-times.ts";
import { type AffectedPod, fault, groundsIn } from "./fault.ts";

/** A pod that takes so much longer than twice the slowest one of the good revision is not merely on a busy node. */
const MARGIN_MS = 10_000;

/**
 * Whether one of the pods lost readiness that it had, answers its probe with an error when a pod of the good revision was ready long
 * ago, or takes longer than twice as long as the slowest of those.
 */
export function isAnySuspicious(rollout: Rollout, pods: readonly AffectedPod[], now: number): boolean {
  const usualMs = startTimeMs(rollout);
  const lateMs = rollout.snapshot.surroundings.reportLagMs ?? 0;
  const wasUnready = rollout.before?.readyPercent !== undefined;
  return pods.some(({ pod, sinceAt }) => {
    const ageMs = now - sinceAt - lateMs;
    if (pod.readyReason === "ReadinessGatesNotReady" || wasUnready) return false;
    if (lostReadinessAt(pod) !== undefined) return true;
    const isSlow = usualMs > 0 && ageMs > 2 * usualMs + MARGIN_MS;
    const isError = probeFailureOf(pod, rollout.snapshot.events)?.kind === "httpError";
    return isSlow || (isError && ageMs > Math.max(usualMs, MARGIN_MS / 2));
  });
}

/** Pods that will not become ready, whatever they do: nobody can ask their probe. Undefined where there are none. */
export function foreseenUnready(rollout: Rollout): Finding | undefined {
  const { completedAt, startedAt } = rollout;
  const probes = unaskableProbes(rollout);
  const [first] = probes;
  if (first === undefined || completedAt !== undefined) return undefined;
  return {
    check: "readiness",
    verdict: "pending",
    sinceAt: startedAt,
    isSuspicious: true,
    restsOn: groundsIn(rollout),
    ...fault("NotReady", `the new pods cannot become ready: ${first}`, probes),
  };
}
