// A simulated cluster with operators and stories in it. Everything ends with `stop`.

import type { CommandRun, Surroundings as Terminal } from "../../src/cli/testing/run-command.ts";
import type { Surroundings } from "../../src/operator/operate.ts";
import type { Settings } from "../../src/operator/settings-table.ts";
import { type CommandLine, openCommandLine } from "./command-line.ts";
import { type Operator, startOperator } from "./operator.ts";
import { type Stage, setStage } from "./stage.ts";
import { createStory, type Story } from "./story.ts";

export interface World extends Stage {
  /** Starts one more operator; resolves when it watches. */
  startOperator(changes?: Partial<Settings>, surroundings?: Surroundings): Promise<Operator>;
  /** Starts one more operator; resolves before it has sent anything. */
  launchOperator(changes?: Partial<Settings>, surroundings?: Surroundings): Promise<Operator>;
  /** A namespace with an application of its own. */
  story(namespace: string): Story;
  /** Runs a command of kubectl rolloutguard in the namespace. */
  command(namespace: string, args: readonly string[], terminal?: Terminal): Promise<CommandRun>;
  stop(): Promise<void>;
}

/** Starts a cluster without operators. `timeScale` is how much faster than real time it runs, operators included. */
export async function startWorld({
  timeScale = 30,
  tls = false,
}: {
  readonly timeScale?: number;
  readonly tls?: boolean;
} = {}): Promise<World> {
  const stage = await setStage(timeScale, tls);
  const operators: Operator[] = [];
  let commandLine: Promise<CommandLine> | undefined;

  async function launchOperator(changes?: Partial<Settings>, surroundings?: Surroundings): Promise<Operator> {
    const operator = await startOperator(stage.cluster, timeScale, changes, surroundings);
    operators.push(operator);
    return operator;
  }

  return {
    ...stage,
    launchOperator,
    async startOperator(changes, surroundings) {
      const operator = await launchOperator(changes, surroundings);
      await operator.watching;
      return operator;
    },
    story: (namespace) => createStory(stage, namespace),
    async command(namespace, args, terminal) {
      commandLine ??= openCommandLine(stage.cluster, timeScale);
      return (await commandLine).run(namespace, args, terminal);
    },
    async stop() {
      await Promise.allSettled(operators.map((operator) => operator.stop()));
      await (await commandLine)?.stop();
      await stage.cluster.stop();
    },
  };
}
