// What a brake is asked, and what it answers. Pure.
import type { Brake, FailingFinding } from "../decision.ts";
import type { Rollout } from "../rollout/rollout.ts";

/** One reason not to roll back now; undefined when it does not apply. `now` is the cluster's time (epoch ms). */
export type BrakeRule = (rollout: Rollout, headline: FailingFinding, now: number) => Brake | undefined;
