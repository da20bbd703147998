import { setImmediate as nextTurn } from "node:timers/promises";
import { expect } from "chai";
import { phaseOf } from "../api/incident.ts";
import { decide } from "../domain/decide.ts";
import { crashed } from "../domain/testing/a-pod.ts";
import { withOldPods, withPods } from "../domain/testing/facts.ts";
import { seconds, T0 } from "../domain/testing/instants.ts";
import { aRollout } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { ProcessorBudget } from "../kube/processor-budget.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import { createMetrics } from "../telemetry/metrics.ts";
import { Controller, type ControllerOptions } from "./controller.ts";
import type { Source } from "./source.ts";
import { createFakeCluster } from "./testing/fake-cluster.ts";
import { createLogRecorder } from "./testing/log-recorder.ts";
import { SILENT_PORT } from "./testing/no-answers.ts";

const KEY = "shop/checkout/Deployment/checkout";
const MINUTE = 60_000;

/** A source that is synced when the test says so. */
function aSource(name: string) {
  const synced = Promise.withResolvers<void>();
  const state = { hasSynced: false, isRunning: false };
  const source: Source = {
    name,
    isCurrent: true,
    isOnlyEvidence: false,
    get hasSynced() {
      return state.hasSynced;
    },
    start: () => {
      state.isRunning = true;
    },
    whenSynced: (signal) => {
      signal.addEventListener("abort", () => synced.reject(signal.reason));
      return synced.promise;
    },
    stop: async () => {
      state.isRunning = false;
    },
  };
  const sync = () => {
    state.hasSynced = true;
    synced.resolve();
  };
  return { source, sync, state };
}

function aController(options: Partial<ControllerOptions> = {}) {
  const clock = new ManualClock(T0 + seconds(60));
  const [pods, guards] = [aSource("pods"), aSource("rolloutguards")];
  const cluster = createFakeCluster({
    world: snapshotOf(aRollout(withPods(3, crashed({ restarts: 4 })), withOldPods(1))),
  });
  const { logger, lines } = createLogRecorder();
  const metrics = createMetrics({ version: "test" });
  const listeners: ((key: ReconcileKey) => void)[] = [];
  const observed: string[] = [];
  const controller = new Controller({
    sources: [pods.source, guards.source],
    caches: {
      reconcileKeys: () => [KEY],
      unguardedKeys: () => [],
      onChange: (listener) => void listeners.push(listener),
    },
    cluster: {
      ...cluster,
      observe: (key) => {
        observed.push(key);
        return cluster.observe(key);
      },
    },
    answers: SILENT_PORT,
    decide,
    clock,
    processor: new ProcessorBudget(),
    logger,
    metrics,
    workers: 2,
    resyncIntervalMs: 10 * MINUTE,
    ...options,
  });
  return {
    controller,
    cluster,
    clock,
    pods,
    guards,
    metrics,
    lines,
    observed,
    change: (key: ReconcileKey) => {
      for (const listener of listeners) listener(key);
    },
  };
}

async function settle() {
  for (let turn = 0; turn < 60; turn++) await nextTurn();
}

describe("Controller", () => {
  it("looks at nothing before all caches are filled, then at every guard", async () => {
    const { controller, pods, guards, observed, change } = aController();
    const started = controller.start();
    pods.sync();
    change(KEY);
    await settle();
    expect(observed).to.deep.equal([]);
    expect(controller.isReady()).to.equal("waiting for caches to sync: rolloutguards");
    guards.sync();
    await started;
    expect(controller.isReady()).to.equal(true);
    await settle();
    expect(observed).to.include(KEY);
    await controller.stop(1_000);
  });

  it("looks at guards when what is missing has been kept away for a minute, and everything else is there", async () => {
    const kept = new Set<Source>();
    let onChange = () => {};
    const unread = {
      start: (callback: () => void) => {
        onChange = callback;
      },
      stop: () => {},
      names: () => [],
      includes: (source: Source) => kept.has(source),
    };
    const { controller, pods, guards, observed, lines } = aController({ unread });
    const started = controller.start();
    kept.add(pods.source);
    onChange();
    await settle();
    expect(observed).to.deep.equal([]);
    guards.sync();
    await started;
    await settle();
    expect(observed).to.include(KEY);
    expect(controller.isReady()).to.equal("waiting for caches to sync: pods");
    expect(lines.map(({ message }) => message)).to.include("watching 1 guard");
    await controller.stop(1_000);
  });

  it("takes a bad rollout from the first look to the rollback", async () => {
    const { controller, pods, guards, cluster, metrics, lines } = aController();
    pods.sync();
    guards.sync();
    await controller.start();
    await settle();
    expect(cluster.changes).to.have.length(1);
    expect(cluster.world?.incidents.map(phaseOf)).to.not.include("Acting");
    const { body } = await metrics.render();
    expect(body).to.contain('rolloutguard_rollbacks_total{outcome="sent"} 1\n');
    expect(body).to.match(/controller_runtime_reconcile_total\{result="success"\} [1-9]/);
    const sent = lines.find(({ message }) => message.startsWith("rollback sent"));
    expect(sent?.fields).to.include({ guard: "shop/checkout", deployment: "checkout" });
    expect(sent?.fields).to.have.property("reconcileId").that.is.a("string");
    await controller.stop(1_000);
  });

  it("looks again at a guard that a change may concern, and at all of them now and then", async () => {
    const { controller, pods, guards, observed, clock, change } = aController({ decide: restful });
    pods.sync();
    guards.sync();
    await controller.start();
    await settle();
    expect(observed).to.have.length(1);
    change(KEY);
    change(KEY);
    await settle();
    expect(observed).to.have.length(2);
    clock.advance(10 * MINUTE);
    await settle();
    expect(observed).to.have.length(3);
    clock.advance(10 * MINUTE);
    await settle();
    expect(observed).to.have.length(4);
    await controller.stop(1_000);
  });

  it("stands by with filled caches, and looks at every guard when it begins to lead", async () => {
    let isLeading = false;
    const { controller, pods, guards, observed, clock, change } = aController({
      decide: restful,
      isLeading: () => isLeading,
    });
    pods.sync();
    guards.sync();
    await controller.start();
    change(KEY);
    clock.advance(25 * MINUTE);
    await settle();
    expect(observed).to.deep.equal([]);
    expect(controller.isReady(), "a standby is ready").to.equal(true);
    isLeading = true;
    controller.leadershipChanged();
    await settle();
    expect(observed).to.have.length(1);
    clock.advance(10 * MINUTE);
    await settle();
    expect(observed, "one resync at a time").to.have.length(2);
    await controller.stop(1_000);
  });

  it("looks at nothing any more when it has lost the lead, and knows nothing of before when it leads again", async () => {
    let isLeading = true;
    const { controller, pods, guards, observed, clock, change, metrics } = aController({
      decide: restful,
      isLeading: () => isLeading,
    });
    const healthy = async () =>
      /rolloutguard_guards\{phase="Healthy"\} (\d)/.exec((await metrics.render()).body)?.[1];
    pods.sync();
    guards.sync();
    await controller.start();
    await settle();
    expect(await healthy()).to.equal("1");
    change(KEY);
    isLeading = false;
    controller.leadershipChanged();
    await settle();
    change(KEY);
    clock.advance(25 * MINUTE);
    await settle();
    expect(observed, "what was waiting is dropped").to.have.length(1);
    expect(await healthy(), "whoever leads counts").to.equal("0");
    isLeading = true;
    controller.leadershipChanged();
    await settle();
    expect(observed).to.have.length(2);
    await controller.stop(1_000);
  });

  it("survives a bug, tells it and tries again with back-off", async () => {
    let calls = 0;
    const { controller, pods, guards, clock, lines, metrics } = aController({
      decide: (...seen) => {
        calls += 1;
        if (calls === 1) throw new TypeError("x is undefined");
        return restful(...seen);
      },
    });
    pods.sync();
    guards.sync();
    await controller.start();
    await settle();
    expect(lines.filter(({ level }) => level === "error").map(({ message }) => message)).to.have.length(1);
    expect((await metrics.render()).body).to.contain(
      'controller_runtime_reconcile_total{result="error"} 1\n',
    );
    clock.advance(200);
    await settle();
    expect(calls).to.equal(2);
    await controller.stop(1_000);
  });

  it("stops reading, looks at nothing more and is not ready any more", async () => {
    const { controller, pods, guards, observed, clock, change } = aController({ decide: restful });
    pods.sync();
    guards.sync();
    await controller.start();
    await settle();
    const before = observed.length;
    expect(await controller.stop(1_000)).to.equal(true);
    change(KEY);
    clock.advance(60 * MINUTE);
    await settle();
    expect(observed).to.have.length(before);
    expect([pods.state.isRunning, guards.state.isRunning]).to.deep.equal([false, false]);
    expect(controller.isReady()).to.equal("the operator is stopping");
    expect(clock.pending).to.equal(0);
  });

  it("can be stopped while it waits for the caches", async () => {
    const { controller, observed, clock } = aController();
    const started = controller.start();
    expect(await controller.stop(1_000)).to.equal(true);
    await started;
    await settle();
    expect(observed).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });

  it("lets a pass in progress finish its write before it has stopped", async () => {
    const writing = Promise.withResolvers<void>();
    const cluster = createFakeCluster({ world: snapshotOf(aRollout(withPods(3, crashed({ restarts: 4 })))) });
    const order: string[] = [];
    const { controller, pods, guards } = aController({
      cluster: {
        ...cluster,
        record: async (...recorded) => {
          order.push("write begins");
          await writing.promise;
          await cluster.record(...recorded);
          order.push("write ends");
        },
      },
    });
    pods.sync();
    guards.sync();
    await controller.start();
    await settle();
    const stopped = controller.stop(1_000).then((isDrained) => order.push(`stopped, drained: ${isDrained}`));
    await settle();
    writing.resolve();
    await stopped;
    expect(order).to.deep.equal(["write begins", "write ends", "stopped, drained: true"]);
  });

  it("lets a namespace that has used up its share of the processor wait, and looks at it then", async () => {
    const processor = new ProcessorBudget();
    const { controller, pods, guards, clock, observed } = aController({ processor });
    processor.note("shop", 2_000, clock.now());
    const started = controller.start();
    for (const { sync } of [pods, guards]) sync();
    await started;
    await settle();
    expect(observed).to.deep.equal([]);
    clock.advance(3_000);
    await settle();
    expect(observed).not.to.deep.equal([]);
  });
});

/** Decides that nothing is to be done and nothing to be waited for. */
const restful: ControllerOptions["decide"] = () => ({
  phase: "Healthy",
  reason: "RolloutGood",
  message: "All is well.",
  findings: [],
  effects: [],
  restsOn: [],
  questions: [],
});
