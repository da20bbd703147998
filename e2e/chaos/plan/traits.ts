// What is special about an application through all of its life. Pure.
import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import type { Dice } from "./dice.ts";

/**
 * - `tightQuota`: its namespace admits no pod beyond those that it has, so that a rollout moves one pod at a time.
 * - `deadService`: a second Service selects its pods, or nobody's, and never has an endpoint that serves.
 * - `startsFromZero`: it is shipped with no replicas, and scaled up a little later, each time.
 * - `slowRollouts`: one pod at a time, each watched for a while by Kubernetes.
 * - `activePassive`: one pod is ready by design, the one that holds the Lease.
 */
export type TraitName =
  | "ordinary"
  | "tightQuota"
  | "deadService"
  | "startsFromZero"
  | "slowRollouts"
  | "activePassive";

export interface Trait {
  readonly is: TraitName;
  /** How many pods it has. */
  readonly replicas: number;
  /** What it adds to the Deployment's spec. */
  readonly deployment: Partial<Deployment["spec"]>;
  /** How many pods the namespace admits, which is its own then. */
  readonly podQuota?: number | undefined;
  /** When the Service is made that serves nobody (ms after the beginning). */
  readonly deadServiceAtMs?: number | undefined;
  /** How long a round of pods takes beside their start (ms). */
  readonly roundMs: number;
}

const ROLLING = "RollingUpdate";

/** Traits that one pod alone does not show. */
const OF_SEVERAL_PODS: ReadonlySet<TraitName> = new Set(["tightQuota", "activePassive"]);

export function planTrait(dice: Dice, endMs: number): Trait {
  const is = dice.oneOf<TraitName>([
    "ordinary",
    "ordinary",
    "ordinary",
    "ordinary",
    "tightQuota",
    "deadService",
    "startsFromZero",
    "slowRollouts",
    "activePassive",
  ]);
  const replicas = dice.whole(OF_SEVERAL_PODS.has(is) ? 2 : 1, 4);
  return { is, replicas, roundMs: 0, ...detailsOf(is, dice, replicas, endMs) };
}

function detailsOf(
  is: TraitName,
  dice: Dice,
  replicas: number,
  endMs: number,
): Pick<Trait, "deployment"> & Partial<Trait> {
  switch (is) {
    case "ordinary":
      return { deployment: ordinarySpec(dice) };
    case "tightQuota":
      return {
        deployment: { strategy: { type: ROLLING, rollingUpdate: { maxSurge: "50%", maxUnavailable: 1 } } },
        podQuota: replicas,
        roundMs: replicas * 5_000,
      };
    case "deadService":
      return {
        deployment: ordinarySpec(dice),
        deadServiceAtMs: dice.happens(0.5) ? 0 : dice.between(0, endMs),
      };
    case "startsFromZero":
      return { deployment: { ...ordinarySpec(dice), replicas: 0 }, roundMs: 20_000 };
    case "slowRollouts": {
      const minReadySeconds = dice.whole(10, 20);
      return {
        deployment: {
          minReadySeconds,
          strategy: { type: ROLLING, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        },
        roundMs: replicas * (minReadySeconds + 5) * 1_000,
      };
    }
    case "activePassive":
      return {
        deployment: {
          strategy: dice.happens(0.5)
            ? { type: "Recreate" }
            : { type: ROLLING, rollingUpdate: { maxSurge: 0, maxUnavailable: "100%" } },
        },
        // The Lease of a holder that has ended is free after 15 s.
        roundMs: 20_000,
      };
  }
}

function ordinarySpec(dice: Dice): Partial<Deployment["spec"]> {
  return dice.oneOf<Partial<Deployment["spec"]>>([
    {},
    {},
    {},
    { strategy: { type: ROLLING, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } },
    { strategy: { type: ROLLING, rollingUpdate: { maxSurge: "50%", maxUnavailable: "50%" } } },
    { strategy: { type: "Recreate" } },
    { minReadySeconds: 3 },
    { revisionHistoryLimit: 2 },
  ]);
}
