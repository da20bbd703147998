// A simulated cluster with operators in it, and a ledger of what really happened. Everything ends with `stop`.

import {
  type SimulatedCluster,
  startSimulatedCluster,
} from "../../hack/simulated-cluster/simulated-cluster.ts";
import { passTime } from "../../hack/simulated-cluster/wait-until.ts";
import type { Settings } from "../../src/cli/settings-table.ts";
import { keepLedger, type Ledger } from "./ledger.ts";
import { type Operator, startOperator } from "./operator.ts";
import { createStory, type Story } from "./story.ts";

export interface World {
  readonly cluster: SimulatedCluster;
  readonly ledger: Ledger;
  /** Starts one more operator; resolves when it watches. */
  startOperator(changes?: Partial<Settings>): Promise<Operator>;
  /** Starts one more operator; resolves before it has sent anything. */
  launchOperator(changes?: Partial<Settings>): Promise<Operator>;
  /** A namespace with an application of its own. */
  story(namespace: string): Story;
  /** Resolves with what `look` finds, as soon as it finds something. Rejects with `what` after so much of the cluster's time. */
  readonly eventually: <T>(
    what: () => string,
    look: () => T | undefined | false,
    withinMs?: number,
  ) => Promise<T>;
  /** Lets so much of the cluster's time pass. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** Longer than anything that a test waits for, so that a failure is told by its own words and not by mocha's. */
const PATIENCE_MS = 240_000;
const LOOK_EVERY_MS = 5;

/** Starts a cluster without operators. `timeScale` is how much faster than real time it runs, operators included. */
export async function startWorld({ timeScale = 30 }: { readonly timeScale?: number } = {}): Promise<World> {
  const cluster = await startSimulatedCluster({ timeScale, seed: 11 });
  const ledger = keepLedger(cluster);
  const operators: Operator[] = [];

  async function eventually<T>(
    what: () => string,
    look: () => T | undefined | false,
    withinMs = PATIENCE_MS,
  ): Promise<T> {
    const endsAt = cluster.now() + withinMs;
    for (;;) {
      const found = look();
      if (found !== undefined && found !== false) return found;
      if (cluster.now() > endsAt) {
        throw new Error(`not within ${withinMs / 1_000} s of the cluster: ${what()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  const world: World = {
    cluster,
    ledger,
    async startOperator(changes) {
      const operator = await world.launchOperator(changes);
      await operator.watching;
      return operator;
    },
    async launchOperator(changes) {
      const operator = await startOperator(cluster, timeScale, changes);
      operators.push(operator);
      return operator;
    },
    story: (namespace) => createStory(world, namespace),
    eventually,
    pass: (ms) => passTime(cluster, ms),
    async stop() {
      await Promise.allSettled(operators.map((operator) => operator.stop()));
      await cluster.stop();
    },
  };
  return world;
}
