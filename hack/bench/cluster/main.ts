// The process of the simulated cluster: started by the bench, which steers it by messages and ends it.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BadRollouts, createBadRollouts } from "./bad-rollouts.ts";
import type { AnswerMessage, CommandMessage, CommandName, Commands } from "./commands.ts";
import { countTraffic, type TrafficCounter } from "./operator-traffic.ts";
import { startSceneCluster } from "./scene-cluster.ts";
import { createUnrelatedChanges, type UnrelatedChanges } from "./unrelated-changes.ts";

interface Running {
  readonly rollouts: BadRollouts;
  readonly traffic: TrafficCounter;
  readonly changes: UnrelatedChanges;
}

type Handlers = {
  readonly [Name in CommandName]: (
    argument: Commands[Name]["argument"],
  ) => Commands[Name]["answer"] | Promise<Commands[Name]["answer"]>;
};

let running: Running | undefined;

const handlers: Handlers = {
  build: async ({ size, isPlain }) => {
    const scene = await startSceneCluster(size, isPlain);
    const { cluster, parts, places, seats } = scene;
    const traffic = countTraffic(cluster);
    const changes = createUnrelatedChanges(cluster);
    running = { traffic, changes, rollouts: createBadRollouts(parts, places, seats, traffic) };
    const kubeconfig = join(mkdtempSync(join(tmpdir(), "rolloutguard-bench-")), "kubeconfig");
    writeFileSync(kubeconfig, cluster.kubeconfig());
    return { ...scene.facts, kubeconfig };
  },
  load: ({ perSecond }) => ({ changes: built().changes.setRate(perSecond) }),
  rollOut: ({ count, perSecond, isHeld }) => {
    built().rollouts.begin(count, perSecond, isHeld);
    return null;
  },
  decide: () => {
    built().rollouts.decide();
    return null;
  },
  outcome: ({ reset }) => built().rollouts.outcome(reset),
  traffic: ({ reset }) => built().traffic.take(reset),
};

function built(): Running {
  if (running === undefined) throw new Error("the scene is not built yet");
  return running;
}

async function answer({ id, name, argument }: CommandMessage): Promise<AnswerMessage> {
  try {
    return { id, answer: await handlers[name](argument as never) };
  } catch (error) {
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.on("message", (message: CommandMessage) => {
  void answer(message).then((reply) => process.send?.(reply));
});
// Without the bench there is nobody to end this process. Ctrl-C reaches it too, and is the bench's to handle.
process.on("disconnect", () => process.exit());
process.on("SIGINT", () => {});
