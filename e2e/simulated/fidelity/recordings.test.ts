// The simulated cluster against the recordings of a real one: the same causes must have the same shape.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import {
  passTime,
  type SimulatedCluster,
  startSimulatedCluster,
  waitUntil,
} from "@rolloutguard/simulated-cluster";
import type { Deployment } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { type RecordedMark, readRecording, recordCluster } from "./testing/recording.ts";
import { manifestsOf } from "./testing/recording-shape/recorded-manifests.ts";
import { shapeOf } from "./testing/recording-shape/recording-shape.ts";

const FOLDER = fileURLToPath(new URL("../../recordings", import.meta.url));
/** Long enough for everything that a person no longer waited for at the end of a recording. */
const SETTLE_MS = 12_000;
const STARTED_AT = Date.parse("2026-11-21T00:00:00Z");
/** Between the first two deletions of pod-deleted-no-rollout. */
const BETWEEN_DELETIONS_MS = 15;
/** The kubelet's longest back-off is five minutes. */
const LONGEST_BACK_OFF_MS = 400_000;

/** As the node of the recordings. */
const NODE = { cpu: "2", memory: "16Gi", pods: "110" };
const MISSING_IMAGES = ["sre-candidate:latest", "registry.invalid/application:v2"];

/** Recordings that are not compared, and why: causes that this test does not replay, or a race that any run ends differently. */
const NOT_COMPARED: Readonly<Record<string, string>> = {
  "missing-env": "the first probe and the crash come in the same second",
  "missing-env-without-probes": "which of two crashes the kubelet tells of is chance",
  "out-of-memory": "the probe and the crash come in the same second",
  "all-pods-deleted": "the pods are deleted at once, not one after the other",
  "missing-secret": "how many states of a pod that never started show before its removal is chance",
  recreate: "some pods skip a state: three start at once; readiness-http-500 is compared",
  "health-500": "its pod skips a state on a busy machine; readiness-http-500 is compared",
  "fails-after-completion": "on a busy machine some pods skip a state; degrades-after-success is compared",
  "failing-init-container": "whether the last status before the pod's removal is told is chance",
  "liveness-kills": "pods are killed and probed in the same second",
  "quota-forbids-surge": "quotas are not recorded",
  "bad-first-deployment": "two changes",
  "bad-upon-bad": "two changes",
  "undone-by-hand": "the undo comes while the first pod is starting",
  "paused-in-the-middle": "three changes",
  "failing-neighbours": "three Deployments",
  "node-drained": "nodes are not recorded",
};

/** What was recorded must have come by so many runs with different seeds, as far as it is chance. */
const MAX_RUNS = 20;

describe("a rollout in the simulated cluster", () => {
  for (const name of [...recordingsIn(FOLDER), ...comparedScenarios()]) {
    it(`looks to a watcher as on a real cluster: ${name}`, async () => {
      const real = readRecording(`${FOLDER}/${name}.jsonl`);
      const expected = [0, 1].map((mark) => shapeOf(real, mark));
      /** The chance outcomes that no run has shown yet, by name. */
      let left = new Map(expected.flatMap(({ byChance }, mark) => outcomes(byChance, mark)));
      const seen: Record<string, string>[] = [];
      for (let seed = 1; seed <= MAX_RUNS && (seed === 1 || left.size > 0); seed++) {
        const simulated = await simulate(real, seed);
        for (const [mark, { always, byChance }] of [0, 1].map((i) => [i, shapeOf(simulated, i)] as const)) {
          expect(always, `after mark ${mark}, seed ${seed}`).to.deep.equal(expected[mark]?.always);
          const shown = new Map(outcomes(byChance, mark));
          left = new Map([...left].filter(([what, outcome]) => shown.get(what) !== outcome));
          seen.push(Object.fromEntries(shown));
        }
      }
      const misses = [...left].map(([what, outcome]) => ({
        what,
        recorded: outcome,
        simulated: [...new Set(seen.map((shown) => shown[what]).filter((each) => each !== undefined))],
      }));
      expect(misses, "recorded, but not seen in any run").to.deep.equal([]);
    });
  }
});

function recordingsIn(folder: string): string[] {
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return files.map((file) => file.replace(".jsonl", ""));
}

function comparedScenarios(): string[] {
  return recordingsIn(`${FOLDER}/scenarios`)
    .filter((scenario) => NOT_COMPARED[scenario] === undefined)
    .map((scenario) => `scenarios/${scenario}`);
}

function outcomes(byChance: Readonly<Record<string, string>>, mark: number): [string, string][] {
  return Object.entries(byChance).map(([what, outcome]) => [`${what} after mark ${mark}`, outcome]);
}

async function simulate(
  real: ReturnType<typeof readRecording>,
  seed: number,
): Promise<ReturnType<typeof readRecording>> {
  const node = { nodes: 1, nodeCapacity: NODE };
  const cluster = await startSimulatedCluster({ timeScale: 1_000, seed, startAt: STARTED_AT, ...node });
  for (const image of MISSING_IMAGES) cluster.images.set(image, { isMissing: true });
  try {
    // However long the start took: the causes come at the same time of the cluster, and so does all that follows.
    await new Promise<void>((resolve) => {
      cluster.time.at(STARTED_AT + 400_000, () => {
        cluster.time.letOthersRun();
        resolve();
      });
    });
    return await replayCauses(cluster, real);
  } finally {
    await cluster.stop();
  }
}

/** Does to the simulated cluster what was done to the real one, with the same pauses. */
async function replayCauses(
  cluster: SimulatedCluster,
  real: ReturnType<typeof readRecording>,
): Promise<ReturnType<typeof readRecording>> {
  const { service, before, change } = manifestsOf(real);
  const { namespace = "", name } = change.metadata;
  if (service !== undefined) cluster.store.apply(service);
  if (before !== undefined) {
    cluster.store.apply(before);
    await waitUntil(cluster, "the first revision is available", () => {
      return (
        cluster.store.get("deployments", namespace, name)?.status.availableReplicas === before.spec.replicas
      );
    });
    await passTime(cluster, SETTLE_MS);
  }
  const recording = recordCluster(cluster, namespace);
  const marks = real.filter((line): line is RecordedMark => "mark" in line);
  for (const [i, { mark, t }] of marks.entries()) {
    if (mark === "rollout undo complete") break;
    recording.mark(mark);
    if (mark.startsWith("kubectl delete pod")) await deletePods(cluster, namespace);
    else if (mark.startsWith("kubectl rollout undo")) setTemplate(cluster, change, before);
    else cluster.store.apply(change);
    const next = marks[i + 1];
    const isLast = next === undefined || next.mark === "rollout undo complete";
    await passTime(cluster, ((next?.t ?? real.at(-1)?.t ?? t) - t) * 1_000 + (isLast ? SETTLE_MS : 0));
    await endOfCrashes(cluster, namespace);
  }
  return recording.lines;
}

/**
 * A crash loop looks another way from one second to the next; the recorded moment was one after a round of crashes, with
 * the next one far away. Waits for such a moment; at once where nothing crashes.
 */
async function endOfCrashes(cluster: SimulatedCluster, namespace: string): Promise<void> {
  const restarted = () =>
    cluster.store
      .list("pods", namespace)
      .flatMap(({ status }) => status.containerStatuses ?? [])
      .filter(({ restartCount }) => restartCount > 0);
  if (restarted().length === 0) return;
  const isUp = () => restarted().some(({ state }) => state.running !== undefined);
  const isRoundOver = () =>
    !isUp() && new Set(restarted().map(({ restartCount }) => restartCount)).size === 1;
  await waitUntil(cluster, "a crashing pod is up", isUp, LONGEST_BACK_OFF_MS);
  await waitUntil(cluster, "all crashing pods have failed equally often", isRoundOver, LONGEST_BACK_OFF_MS);
  // The counts of ReplicaSet and Deployment follow a moment later.
  await passTime(cluster, 1_000);
}

/** One request after another, as kubectl sends them. */
async function deletePods(cluster: SimulatedCluster, namespace: string): Promise<void> {
  for (const { metadata } of cluster.store.list("pods", namespace)) {
    cluster.store.delete("pods", namespace, metadata.name);
    await passTime(cluster, BETWEEN_DELETIONS_MS);
  }
}

function setTemplate(
  cluster: SimulatedCluster,
  { metadata }: Deployment,
  source: Deployment | undefined,
): void {
  const current = cluster.store.get("deployments", metadata.namespace ?? "", metadata.name);
  if (current === undefined || source === undefined) throw new Error("There is nothing to undo.");
  const { template } = source.spec;
  cluster.store.update("deployments", { ...current, spec: { ...current.spec, template } });
}
