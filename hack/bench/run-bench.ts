// The parts of the bench in turn. Each stage has processes of its own.
import { setTimeout as sleep } from "node:timers/promises";
import { measureLoad } from "./measure/load.ts";
import { measureReaction, measureStorm } from "./measure/rollouts.ts";
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

/** Runs the plan. A part that fails is among the problems of the results, and the others go on. */
export async function runBench(plan: BenchPlan, progress: Progress): Promise<BenchResults> {
  const base = surroundings();
  const problems: string[] = [];
  /** The measured value; undefined when something else happened than what was to be measured. */
  async function part<T>(what: string, measure: () => Promise<T>): Promise<T | undefined> {
    progress(what);
    try {
      return await measure();
    } catch (error) {
      const problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
      progress(problem);
      problems.push(problem);
      return undefined;
    }
  }
  const main = await onStage(plan, plan.size, progress, async (stage) => {
    const figures = await mainFigures(stage, plan, part);
    const { transport, objects, guardedPods, podsBesideGuards } = stage.facts;
    return { transport, size: plan.size, objects, guardedPods, podsBesideGuards, ...figures };
  });
  const grown = plan.sections.has("growth") ? await growthFigures(plan, progress, part) : {};
  return { ...base, ...main, ...grown, ...(problems.length > 0 && { problems }) };
}

type Part = <T>(what: string, measure: () => Promise<T>) => Promise<T | undefined>;

async function mainFigures(stage: Stage, plan: BenchPlan, part: Part): Promise<Figures> {
  const { sections, rates, loadMs, settleMs, samplesIdle, samplesLoaded } = plan;
  const sync = await measureSync(stage);
  const figures: Figures = sections.has("sync") ? { sync } : {};
  await sleep(settleMs);
  if (sections.has("load")) {
    figures.loads = await each(rates, (rate) =>
      part(`memory and CPU at ${rate} changes a second, ${loadMs / 1_000} s`, () =>
        measureLoad(stage, rate, loadMs),
      ),
    );
  }
  if (sections.has("latency")) {
    figures.reactions = await each(rates, (rate) => {
      const samples = rate === 0 ? samplesIdle : samplesLoaded;
      return part(`${samples} bad rollouts one by one at ${rate} changes a second`, () =>
        measureReaction(stage, samples, rate),
      );
    });
  }
  if (sections.has("storm")) {
    figures.storms = await each(plan.storms, (count) =>
      part(`${count} bad rollouts at once`, () => measureStorm(stage, count, plan.quietMs)),
    );
  }
  return figures;
}

/** What was measured of each, one after the other. */
async function each<Of, T>(
  items: readonly Of[],
  measure: (item: Of) => Promise<T | undefined>,
): Promise<T[]> {
  const measured: T[] = [];
  for (const item of items) {
    const value = await measure(item);
    if (value !== undefined) measured.push(value);
  }
  return measured;
}

async function growthFigures(
  plan: BenchPlan,
  progress: Progress,
  part: Part,
): Promise<Pick<BenchResults, "growth" | "bystanders">> {
  const growth = await each(plan.growth, (guards) =>
    part(`growth: ${guards} guards`, () => growthPoint(plan, guards, progress)),
  );
  if (plan.bystanders === 0) return { growth };
  const bystanders = await part("pods in namespaces without guards", () => bystanderFigures(plan, progress));
  return { growth, ...(bystanders && { bystanders }) };
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
  return withStage(size, plan, play);
}
