import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MEASURED_POD_TIMES, passTime, startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { exampleDeployment } from "@rolloutguard/simulated-cluster/example-manifests";
import { expect } from "chai";
import { type RecordedLine, readRecording, recordCluster } from "./testing/recording.ts";
import { deciles, podTimes } from "./testing/recording-shape/pod-times.ts";

const FOLDER = fileURLToPath(new URL("../../recordings", import.meta.url));
const STEPS = Object.keys(MEASURED_POD_TIMES) as (keyof typeof MEASURED_POD_TIMES)[];

describe("the times that simulated pods take", () => {
  it("are those of the recordings", () => {
    const files = readdirSync(FOLDER).filter((name) => name.endsWith(".jsonl"));
    const times = podTimes(files.map((file) => readRecording(`${FOLDER}/${file}`)));
    for (const step of STEPS) expect(deciles(times[step]), step).to.deep.equal(MEASURED_POD_TIMES[step]);
  });

  it("are spread in the simulated cluster as they were recorded", async () => {
    const times = podTimes([await liveAndDie(300)]);
    for (const step of STEPS) {
      const [simulated, recorded] = [deciles(times[step]), MEASURED_POD_TIMES[step]];
      // The measured times are drawn whole or in parts that are estimated: within 40 ms and a fifth.
      for (const [i, ms] of recorded.entries()) {
        if (i === 0 || i === 10) continue;
        expect(simulated[i], `${step}, decile ${i}`).to.be.within(ms * 0.8 - 40, ms * 1.2 + 40);
      }
    }
  });
});

/** So many pods that run, and some that cannot, made and deleted again. */
async function liveAndDie(count: number): Promise<readonly RecordedLine[]> {
  const cluster = await startSimulatedCluster({ timeScale: 500, seed: 4 });
  try {
    const recording = recordCluster(cluster, "shop");
    const secret = { name: "none", key: "none" };
    const broken = { container: { env: [{ name: "X", valueFrom: { secretKeyRef: secret } }] } };
    cluster.store.apply(exampleDeployment({ spec: { replicas: count } }));
    cluster.store.apply(exampleDeployment({ name: "broken", spec: { replicas: count }, ...broken }));
    await passTime(cluster, 30_000);
    cluster.store.delete("deployments", "shop", "web");
    cluster.store.delete("deployments", "shop", "broken");
    await passTime(cluster, 30_000);
    return recording.lines;
  } finally {
    await cluster.stop();
  }
}
