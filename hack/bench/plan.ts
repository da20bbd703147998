// What a run of the bench does: the parts, the scene and how long each part takes.

import type { SceneSize } from "./scene/scene-plan.ts";
import type { OperatorOptions } from "./stage.ts";

export const SECTIONS = ["sync", "load", "latency", "storm", "growth"] as const;
export type Section = (typeof SECTIONS)[number];

export interface BenchPlan {
  readonly sections: ReadonlySet<Section>;
  readonly size: SceneSize;
  /** After the first passes, before anything is measured. */
  readonly settleMs: number;
  readonly loadMs: number;
  /** Unrelated changes a second. */
  readonly rates: readonly number[];
  /** Bad rollouts one by one, idle and under each rate of `rates`. */
  readonly samplesIdle: number;
  readonly samplesLoaded: number;
  /** So long without a request, and the operator counts as done with a storm. */
  readonly quietMs: number;
  /** Bad rollouts at once. */
  readonly storms: readonly number[];
  /** Numbers of guards of the growth series. */
  readonly growth: readonly number[];
  readonly growthSamples: number;
  /** Deployments in namespaces without guards that must not cost memory. */
  readonly bystanders: number;
  /** HTTP/1.1 without TLS between operator and cluster, and not HTTP/2 over TLS as real API servers have it. */
  readonly isPlain: boolean;
  readonly operator: OperatorOptions;
}

/** The parts of the plan that say how much is measured. */
export type Extent = Omit<BenchPlan, "sections" | "size" | "isPlain" | "operator">;

export const FULL_SIZE: SceneSize = { guards: 2_000, unguarded: 1_000, pods: 10 };
export const FULL: Extent = {
  settleMs: 15_000,
  loadMs: 30_000,
  rates: [0, 200, 2_000],
  samplesIdle: 200,
  samplesLoaded: 150,
  quietMs: 1_000,
  storms: [200, 1_000],
  growth: [500, 1_000, 2_000, 5_000],
  growthSamples: 100,
  bystanders: 2_000,
};

/** Within a minute: shows that everything works and roughly where the figures are. */
export const QUICK_SIZE: SceneSize = { guards: 200, unguarded: 100, pods: 10 };
export const QUICK: Extent = {
  settleMs: 2_000,
  loadMs: 4_000,
  rates: [0, 200],
  samplesIdle: 20,
  samplesLoaded: 20,
  quietMs: 1_000,
  storms: [50],
  growth: [],
  growthSamples: 0,
  bystanders: 0,
};

/** How many guarded Deployments the plan uses up: each has one bad rollout. */
export function rolloutsOf({ sections, rates, samplesIdle, samplesLoaded, storms }: BenchPlan): number {
  const sampled = rates.reduce((sum, rate) => sum + (rate === 0 ? samplesIdle : samplesLoaded), 0);
  const atOnce = storms.reduce((sum, count) => sum + count, 0);
  return (sections.has("latency") ? sampled : 0) + (sections.has("storm") ? atOnce : 0);
}
