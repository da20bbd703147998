// What the operator costs while nothing happens: memory, processor and requests, with twenty guards.
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { parseMetrics } from "../../hack/demo/metrics-report.ts";
import type { IdleCost } from "../../hack/generate/real-cluster/results.ts";
import { leader, metricsOf, type OperatorPod, operatorPods } from "../installed/operator-pods.ts";
import { guardedApplications } from "./guarded-applications.ts";
import { underTest } from "./under-test.ts";

const GUARDS = 20;
const WATCHED_MS = 60_000;
const MINUTE_MS = 60_000;
/** What follows a rollout, such as guards' statuses and Events, is over by then. */
const SETTLES_MS = 30_000;

describe(`the operator's pods, idle with ${GUARDS} guards`, () => {
  const { kubectl, keepResult } = underTest();
  const applications = guardedApplications(kubectl, "idle", GUARDS);
  const costs: IdleCost[] = [];

  before(async () => {
    await applications.deploy();
    await sleep(SETTLES_MS);
    const pods = await operatorPods(kubectl);
    const first = await Promise.all(pods.map((pod) => sample(pod)));
    await sleep(WATCHED_MS);
    const last = await Promise.all(pods.map((pod) => sample(pod)));
    const { pod: leading } = await leader(kubectl);
    for (const [index, pod] of pods.entries()) {
      const [before, after] = [first[index], last[index]];
      if (!before || !after) throw new Error("a sample is missing");
      costs.push({
        isLeader: pod.metadata.uid === leading.metadata.uid,
        residentBytes: after.residentBytes,
        processorPercent: ((after.processorSeconds - before.processorSeconds) * 100_000) / WATCHED_MS,
        requestsPerMinute: ((after.requests - before.requests) * MINUTE_MS) / WATCHED_MS,
      });
    }
    await keepResult("idle", { idle: { guards: GUARDS, costs } });
  });

  after(() => applications.remove());

  async function sample(pod: OperatorPod) {
    const samples = parseMetrics(await metricsOf(kubectl, pod));
    const sum = (name: string) =>
      [...samples].filter(([key]) => key.startsWith(name)).reduce((total, [, value]) => total + value, 0);
    return {
      residentBytes: sum("process_resident_memory_bytes"),
      processorSeconds: sum("process_cpu_seconds_total"),
      requests: sum("rest_client_requests_total"),
    };
  }

  it("are one that acts and one that stands by", () => {
    expect(costs.map(({ isLeader }) => isLeader)).to.have.members([false, true]);
  });

  it("stay within the memory that they ask for", () => {
    for (const { residentBytes } of costs) expect(residentBytes).to.be.within(1, 192 * 2 ** 20);
  });

  it("ask the API server for little more than the Lease", () => {
    for (const { requestsPerMinute } of costs) expect(requestsPerMinute).to.be.within(1, 90);
  });

  it("leave the processor alone", () => {
    for (const { processorPercent } of costs) expect(processorPercent).to.be.below(10);
  });
});
