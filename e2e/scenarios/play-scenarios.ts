// Plays scenarios on a cluster, many at a time, each in a namespace of its own, and says what came of each.
import type { Facts } from "../../hack/generate/real-cluster/results.ts";
import { type ClusterClient, connectCluster, RefusedError } from "../clusters/cluster-client.ts";
import type { ClusterUnderTest } from "../clusters/cluster-under-test.ts";
import { type Mirror, startMirror } from "../clusters/mirror.ts";
import { factsOf } from "./facts.ts";
import type { Scenario } from "./scenario.ts";
import { createOnlookersStory, createStory } from "./story/story.ts";

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly namespace: string;
  readonly outcome: "passed" | "failed" | "skipped";
  /** What was not as it must be, or why it was not played. */
  readonly problem?: Error;
  readonly facts?: Facts;
  /** How long it was played (the cluster's time). */
  readonly seconds: number;
}

export interface PlayOptions {
  /** How many are played at a time. Default: all. */
  readonly parallel?: number;
  /** The first ones begin so long after one another (real time): many starts at once drown a small node. Default: 0. */
  readonly spacingMs?: number;
  /** What namespaces end in, so that a second round finds its own. Default: nothing. */
  readonly suffix?: string;
  /** No operator runs: nothing is judged, and a person goes back by hand. Default: false. */
  readonly isLookedOn?: boolean;
  /** Told what a scenario does, just before it does it. */
  readonly onDeed?: (namespace: string, what: string) => Promise<void>;
  /** Told in a line what begins and ends. */
  readonly onProgress?: (line: string) => void;
  /** Called when the scenario is over and all is still there. */
  readonly onEnd?: (result: ScenarioResult) => Promise<void>;
}

export interface Performance {
  /** What came of a scenario, by its name. Never rejects. */
  result(name: string): Promise<ScenarioResult>;
  /** What came of all, in their order, when all is given back. Rejects when the cluster cannot be watched. */
  readonly ended: Promise<readonly ScenarioResult[]>;
}

/**
 * Begins to play; those that must be alone come after all others. The namespace of a scenario that passed is deleted,
 * that of one that failed is left for whoever wants to know why.
 */
export function playScenarios(
  cluster: ClusterUnderTest,
  scenarios: readonly Scenario[],
  options: PlayOptions = {},
): Performance {
  const { parallel = scenarios.length, spacingMs = 0, suffix = "" } = options;
  const client = connectCluster(cluster.kubeConfig);
  const namespaces = new Set(scenarios.map(({ name }) => `${name}${suffix}`));
  const mirror = startMirror(cluster, client, (namespace) => namespaces.has(namespace));
  const results = new Map(scenarios.map(({ name }) => [name, Promise.withResolvers<ScenarioResult>()]));

  async function playOne(scenario: Scenario): Promise<void> {
    const namespace = `${scenario.name}${suffix}`;
    const result = await playIn(namespace, scenario, { cluster, client, mirror }, options);
    results.get(scenario.name)?.resolve(result);
  }

  async function playAll(): Promise<readonly ScenarioResult[]> {
    try {
      await mirror.filled;
      const together = scenarios.filter(({ isExclusive }) => isExclusive !== true);
      await inParallel(together, { limit: parallel, spacingMs }, playOne);
      const alone = scenarios.filter(({ isExclusive }) => isExclusive === true);
      await inParallel(alone, { limit: 1, spacingMs }, playOne);
      return await Promise.all([...results.values()].map(({ promise }) => promise));
    } finally {
      mirror.stop();
      await client.close();
    }
  }

  const ended = playAll();
  // Also when the cluster cannot be watched at all, nobody waits for a result in vain.
  ended.catch((problem: Error) => {
    for (const scenario of scenarios) {
      const namespace = `${scenario.name}${suffix}`;
      results.get(scenario.name)?.resolve({ scenario, namespace, outcome: "failed", problem, seconds: 0 });
    }
  });
  return {
    result: (name) => {
      const found = results.get(name)?.promise;
      return found ?? Promise.reject(new Error(`there is no scenario ${name}`));
    },
    ended,
  };
}

interface Place {
  readonly cluster: ClusterUnderTest;
  readonly client: ClusterClient;
  readonly mirror: Mirror;
}

async function playIn(
  namespace: string,
  scenario: Scenario,
  place: Place,
  { onProgress, onDeed, onEnd, isLookedOn = false }: PlayOptions,
): Promise<ScenarioResult> {
  const { cluster, client, mirror } = place;
  const beganAt = cluster.now();
  const lacking = scenario.needs?.map((need) => cluster.cannot[need]).find((why) => why !== undefined);
  if (lacking !== undefined) {
    onProgress?.(`- ${scenario.name}: not played: ${lacking}`);
    return { scenario, namespace, outcome: "skipped", problem: new Error(lacking), seconds: 0 };
  }
  const create = isLookedOn ? createOnlookersStory : createStory;
  const story = create({ ...place, namespace, onDeed: onDeed && ((what) => onDeed(namespace, what)) });
  let problem: Error | undefined;
  try {
    await createNamespace(client, namespace);
    await scenario.play(story);
  } catch (error) {
    problem = error instanceof Error ? error : new Error(String(error));
  }
  const result: ScenarioResult = {
    scenario,
    namespace,
    outcome: problem === undefined ? "passed" : "failed",
    ...(problem && { problem }),
    facts: factsOf(mirror, namespace, story.deeds.done),
    seconds: Math.round((cluster.now() - beganAt) / 1_000),
  };
  onProgress?.(
    problem === undefined
      ? `✔ ${scenario.name} (${result.seconds} s)`
      : `✘ ${scenario.name} (${result.seconds} s): ${problem.message}`,
  );
  await onEnd?.(result);
  if (problem === undefined) await client.send("DELETE", `/api/v1/namespaces/${namespace}`);
  return result;
}

async function createNamespace(client: ClusterClient, name: string): Promise<void> {
  const labels = { "rolloutguard.io/scenario": "true" };
  const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
  try {
    await client.send("POST", "/api/v1/namespaces", manifest);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 409) throw error;
    throw new Error(`namespace ${name} is there already: delete it, or give the round a suffix`, {
      cause: error,
    });
  }
}

async function inParallel<T>(
  items: readonly T[],
  { limit, spacingMs }: { readonly limit: number; readonly spacingMs: number },
  run: (item: T) => Promise<void>,
): Promise<void> {
  const left = [...items];
  const worker = async (_: unknown, index: number) => {
    await new Promise((resolve) => setTimeout(resolve, index * spacingMs));
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: Math.max(1, limit) }, worker));
}
