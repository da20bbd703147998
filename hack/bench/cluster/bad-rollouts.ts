// Bad rollouts: released one by one or many at once, led to the event that decides, and followed to their end.
import type { ClusterParts } from "@rolloutguard/simulated-cluster";
import { rollingLimits } from "@rolloutguard/simulated-cluster/controllers";
import { controllerOf, type Deployment, type Pod } from "@rolloutguard/simulated-cluster/objects";
import { TAGS } from "../scene/application-template.ts";
import type { Place } from "../scene/scene-plan.ts";
import { type Seats, withTag } from "../scene/settled-application.ts";
import type { RolloutsOutcome } from "./commands.ts";
import type { TrafficCounter } from "./operator-traffic.ts";
import { startSceneKubelet } from "./scene-kubelet.ts";

/** Between the last pods that do not decide yet and the one that does: the operator has seen the former. */
const BEFORE_DECISION_MS = 400;
/** Between the decisive crash and those of the pods that are left. */
const AFTER_DECISION_MS = 500;

/** One bad rollout. Times are real ms (performance.now). */
interface Rollout {
  readonly thirdRuns: Pod[];
  /** How many pods of the new revision the rolling update brings up before it waits for them. */
  readonly expectedPods: number;
  readonly isHeld: boolean;
  isArmed: boolean;
  decidedAt?: number;
  patchedAt?: number;
  patches: number;
  reason?: string;
  phase?: string;
}

export interface BadRollouts {
  /** Releases the bad version of that many Deployments, at once (0) or so many a second. Held ones wait for `decide`. */
  begin(count: number, perSecond: number, isHeld: boolean): void;
  /** Lets the decisive event of every rollout that waits for it happen, all at the same moment. */
  decide(): void;
  /** How the rollouts since the last reset stand. */
  outcome(reset: boolean): RolloutsOutcome;
}

/** Each guarded Deployment is used once: the operator pauses after a rollback, and a second bad version would wait. */
export function createBadRollouts(
  parts: ClusterParts,
  places: readonly Place[],
  seats: Seats,
  traffic: TrafficCounter,
): BadRollouts {
  const { objects, time } = parts;
  const unused = places.filter(({ isGuarded }) => isGuarded).values();
  let rollouts = new Map<string, Rollout>();
  let timer: NodeJS.Timeout | undefined;

  const kubelet = startSceneKubelet(parts, seats, (pod) => {
    const rollout = rollouts.get(keyOfPod(pod));
    if (rollout === undefined) return;
    rollout.thirdRuns.push(pod);
    if (rollout.thirdRuns.length === rollout.expectedPods) arm(rollout);
  });

  traffic.onRequest(({ method, target }, at) => {
    if (method !== "PATCH" || target?.resource !== "deployments") return;
    const rollout = rollouts.get(`${target.namespace}/${target.name}`);
    if (rollout === undefined) return;
    rollout.patches += 1;
    rollout.patchedAt ??= at;
  });

  objects.subscribe("incidents", ({ object: { metadata, spec, status } }) => {
    const { target, reason } = spec as { target: { name: string }; reason: string };
    const rollout = rollouts.get(`${metadata.namespace}/${target.name}`);
    if (rollout === undefined) return;
    rollout.reason = reason;
    rollout.phase = (status as { phase?: string } | undefined)?.phase ?? "Acting";
  });

  function keyOfPod(pod: Pod): string {
    const namespace = pod.metadata.namespace ?? "";
    const set = objects.get("replicasets", namespace, controllerOf(pod)?.name ?? "");
    return `${namespace}/${set === undefined ? "" : controllerOf(set)?.name}`;
  }

  /** All but the decisive pod of the half that it takes crash for the third time; then it is time to decide. */
  function arm(rollout: Rollout): void {
    for (const pod of rollout.thirdRuns.slice(0, decisiveIndex(rollout))) kubelet.crashAgain(pod);
    time.after(BEFORE_DECISION_MS, () => {
      rollout.isArmed = true;
      if (!rollout.isHeld) decideOne(rollout);
    });
  }

  function decideOne(rollout: Rollout): void {
    const decisive = rollout.thirdRuns[decisiveIndex(rollout)];
    if (decisive === undefined || rollout.decidedAt !== undefined) return;
    rollout.decidedAt = performance.now();
    kubelet.crashAgain(decisive);
    time.after(AFTER_DECISION_MS, () => {
      for (const pod of rollout.thirdRuns.slice(decisiveIndex(rollout) + 1)) kubelet.crashAgain(pod);
    });
  }

  function beginOne(isHeld: boolean): void {
    const { namespace = "", name = "" } = unused.next().value ?? {};
    const deployment = objects.get("deployments", namespace, name);
    if (deployment === undefined) throw new Error("no Deployment is left that was not used yet");
    rollouts.set(`${namespace}/${name}`, {
      thirdRuns: [],
      expectedPods: newPodsAtMost(deployment),
      isHeld,
      isArmed: false,
      patches: 0,
    });
    const template = withTag(deployment.spec.template, name, TAGS.bad);
    objects.update("deployments", { ...deployment, spec: { ...deployment.spec, template } });
  }

  return {
    begin(count, perSecond, isHeld) {
      if (perSecond === 0) {
        for (let i = 0; i < count; i++) beginOne(isHeld);
        return;
      }
      let left = count;
      timer = setInterval(() => {
        beginOne(isHeld);
        left -= 1;
        if (left === 0) clearInterval(timer);
      }, 1_000 / perSecond);
    },

    decide() {
      for (const rollout of rollouts.values()) if (rollout.isArmed) decideOne(rollout);
    },

    outcome(reset) {
      const outcome = summarize([...rollouts.values()]);
      if (reset) {
        clearInterval(timer);
        rollouts = new Map();
      }
      return outcome;
    },
  };
}

/** The pod whose third failure makes it half of them: fewer are an accident (src/domain/rollout/rollout.ts). */
function decisiveIndex({ expectedPods }: Rollout): number {
  return Math.ceil(expectedPods / 2) - 1;
}

function newPodsAtMost(deployment: Deployment): number {
  const { maxSurge, maxUnavailable } = rollingLimits(deployment);
  return Math.min(deployment.spec.replicas, maxSurge + maxUnavailable);
}

function summarize(rollouts: readonly Rollout[]): RolloutsOutcome {
  const decided = rollouts.flatMap(({ decidedAt, patchedAt }) =>
    decidedAt === undefined ? [] : [{ decidedAt, patchedAt }],
  );
  const latenciesMs = decided.flatMap(({ decidedAt, patchedAt }) =>
    patchedAt === undefined ? [] : [patchedAt - decidedAt],
  );
  const firstDecision = Math.min(...decided.map(({ decidedAt }) => decidedAt));
  const lastPatch = Math.max(...rollouts.map(({ patchedAt = Number.NEGATIVE_INFINITY }) => patchedAt));
  const reasons: Record<string, number> = {};
  const phases: Record<string, number> = {};
  for (const { reason = "none", phase = "none" } of rollouts) {
    reasons[reason] = (reasons[reason] ?? 0) + 1;
    phases[phase] = (phases[phase] ?? 0) + 1;
  }
  return {
    begun: rollouts.length,
    armed: rollouts.filter(({ isArmed }) => isArmed).length,
    decided: decided.length,
    patched: latenciesMs.length,
    patches: rollouts.reduce((sum, { patches }) => sum + patches, 0),
    early: rollouts.filter(
      ({ decidedAt = Number.POSITIVE_INFINITY, patchedAt }) => (patchedAt ?? Infinity) < decidedAt,
    ).length,
    latenciesMs,
    ...(latenciesMs.length > 0 && { firstDecisionToLastPatchMs: lastPatch - firstDecision }),
    reasons,
    phases,
  };
}
