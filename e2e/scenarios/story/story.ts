// One application, its guard and what happens to them on any cluster, in words: given, when, then. Only through the API.
import { pass } from "../../clusters/cluster-under-test.ts";
import { waitingBy } from "../../testing/eventually.ts";
import { SHOP, type Version } from "../../testing/shop.ts";
import { createDeeds, type StoryParts } from "./deeds.ts";
import { createExpectations } from "./expectations.ts";
import { lookOn, type Stage } from "./onlooking.ts";
import type { Outcomes } from "./outcomes.ts";
import { lookAt } from "./sight.ts";

/** Longer than anything that a scenario waits for, also on a machine that is busy (the cluster's time). */
const PATIENCE_MS = 900_000;
/** However fast the cluster's time runs, the operator and this process run in real time. */
const SHORTEST_PATIENCE_MS = 600_000;

/** The version that works. */
const GOOD: Version = { tag: "v1" };

export type Story = ReturnType<typeof createStory>;

/** What a scenario is told with: where the operator runs, or where somebody only looks on. */
export interface Telling extends Omit<Story, "then"> {
  readonly then: Outcomes;
}

/** Where the operator runs: what comes of the scenario is judged. */
export function createStory(parts: StoryParts) {
  return storyFrom(parts, createExpectations);
}

/** Where no operator runs: a scenario's own deeds, and somebody who goes back by hand. */
export function createOnlookersStory(parts: StoryParts): Telling {
  return storyFrom(parts, lookOn);
}

function storyFrom<Then extends Outcomes>(parts: StoryParts, createThen: (stage: Stage) => Then) {
  const { cluster, mirror, namespace, onDeed } = parts;
  const sight = lookAt(mirror, namespace);
  const deeds = createDeeds(parts, sight);

  const eventually = waitingBy(
    (find, withinMs) => mirror.await(namespace, find, withinMs),
    Math.max(PATIENCE_MS, SHORTEST_PATIENCE_MS * cluster.timeScale),
  );

  const stage = {
    cluster,
    mirror,
    namespace,
    sight,
    deeds,
    eventually,
    pass: (ms: number) => pass(cluster, ms),
  };
  const then = createThen({ ...stage, onDeed });

  return {
    ...stage,

    given: {
      /** An application that runs, with a guard that has seen it complete. */
      async aGuardedApplication(version: Version = GOOD, name = SHOP, checks: object = {}): Promise<void> {
        await deeds.found(version, name);
        await deeds.guarded(name, checks);
        await then.takenUp(name);
      },
    },
    when: deeds,
    // oxlint-disable-next-line unicorn/no-thenable -- An object, not a function: nobody can await a story by mistake.
    then,
  };
}
