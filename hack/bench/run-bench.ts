// The parts of the bench in turn. Each stage has processes of its own.
import { setTimeout as sleep } from "node:timers/promises";
import { measureLoad } from "./measure/load.ts";
import {
  measureReaction,
  measureStorm,
  type ReactionFigures,
  type StormFigures,
} from "./measure/rollouts.ts";
import { measureSync } from "./measure/sync.ts";
import type { BenchPlan } from "./plan.ts";
import type { BenchResults, BystanderFigures, GrowthPoint } from "./results.ts";
import type { SceneSize } from "./scene/scene-plan.ts";
import { type Stage, withStage } from "./stage.ts";
import { surroundings } from "./surroundings.ts";

/** Told what begins. */
export type Progress = (line: string) => void;

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Figures = Writable<Pick<BenchResults, "sync" | "loads" | "reactions" | "storms">>;

/** The growth series looks at this rate of unrelated changes. */
const GROWTH_RATE = 200;

/** Runs the plan. Rejects when something else happened than what was to be measured. */
export async function runBench(plan: BenchPlan, progress: Progress): Promise<BenchResults> {
  const base = surroundings();
  const main = await onStage(plan, plan.size, progress, async (stage) => {
    const figures = await mainFigures(stage, plan, progress);
    const { objects, guardedPods, podsBesideGuards } = stage.facts;
    return {
      transport: stage.facts.transport,
      size: plan.size,
      objects,
      guardedPods,
      podsBesideGuards,
      ...figures,
    };
  });
  if (!plan.sections.has("growth")) return { ...base, ...main };
  const growth: GrowthPoint[] = [];
  for (const guards of plan.growth) growth.push(await growthPoint(plan, guards, progress));
  const bystanders = plan.bystanders > 0 ? await bystanderFigures(plan, progress) : undefined;
  return { ...base, ...main, growth, ...(bystanders && { bystanders }) };
}

async function mainFigures(stage: Stage, plan: BenchPlan, progress: Progress): Promise<Figures> {
  const { sections, rates, loadMs, settleMs, samplesIdle, samplesLoaded } = plan;
  const sync = await measureSync(stage);
  const figures: Figures = sections.has("sync") ? { sync } : {};
  await sleep(settleMs);
  if (sections.has("load")) {
    const loads = [];
    for (const rate of rates) {
      progress(`memory and CPU at ${rate} changes a second, ${loadMs / 1_000} s`);
      loads.push(await measureLoad(stage, rate, loadMs));
    }
    figures.loads = loads;
  }
  if (sections.has("latency")) {
    const reactions: ReactionFigures[] = [];
    for (const rate of rates) {
      const samples = rate === 0 ? samplesIdle : samplesLoaded;
      progress(`${samples} bad rollouts one by one at ${rate} changes a second`);
      reactions.push(await measureReaction(stage, samples, rate));
    }
    figures.reactions = reactions;
  }
  if (sections.has("storm")) {
    const storms: StormFigures[] = [];
    for (const count of plan.storms) {
      progress(`${count} bad rollouts at once`);
      storms.push(await measureStorm(stage, count, plan.quietMs));
    }
    figures.storms = storms;
  }
  return figures;
}

function growthPoint(plan: BenchPlan, guards: number, progress: Progress): Promise<GrowthPoint> {
  const size = { guards, unguarded: Math.floor(guards / 2), pods: plan.size.pods };
  return onStage(plan, size, progress, async (stage) => {
    const sync = await measureSync(stage);
    await sleep(plan.settleMs);
    const load = await measureLoad(stage, GROWTH_RATE, plan.loadMs);
    const reaction = await measureReaction(stage, Math.min(plan.growthSamples, guards), GROWTH_RATE);
    return { guards, guardedPods: stage.facts.guardedPods, sync, load, reaction };
  });
}

async function bystanderFigures(plan: BenchPlan, progress: Progress): Promise<BystanderFigures> {
  const memoryOf = (unguarded: number): Promise<number> =>
    onStage(plan, { ...plan.size, unguarded, neighbours: 0 }, progress, async (stage) => {
      await measureSync(stage);
      await sleep(plan.settleMs);
      return (await measureLoad(stage, GROWTH_RATE, plan.loadMs)).medianRssMB;
    });
  return {
    guards: plan.size.guards,
    withoutMB: await memoryOf(0),
    bystanderPods: plan.bystanders * plan.size.pods,
    withMB: await memoryOf(plan.bystanders),
  };
}

function onStage<T>(
  plan: BenchPlan,
  size: SceneSize,
  progress: Progress,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  progress(`scene: ${size.guards} guarded and ${size.unguarded} unguarded Deployments of ${size.pods} pods`);
  return withStage(size, plan.operator, play);
}
