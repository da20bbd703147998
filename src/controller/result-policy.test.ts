import { expect } from "chai";
import { decide } from "../domain/decide.ts";
import { changeEffect, guardStatusEffect, openIncidentEffect } from "../domain/effects/effect.ts";
import { anIncident } from "../domain/testing/an-incident.ts";
import { aRollout } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { ApiError, ConflictError, ConnectionError, RefusedError } from "../kube/connection/api-error.ts";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import { DecisionFailure, EffectFailure } from "./pass-failure.ts";
import { judgeFailure, ResultPolicy } from "./result-policy.ts";
import { createFakeCluster } from "./testing/fake-cluster.ts";
import { createLogRecorder } from "./testing/log-recorder.ts";
import { NO_ANSWERS } from "./testing/no-answers.ts";
import { WorkQueue } from "./work-queue.ts";

const KEY = "shop/checkout/Deployment/checkout";
const SNAPSHOT = snapshotOf(aRollout());
const ROLL_BACK = changeEffect({
  do: "restoreTemplate",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "u", generation: 4 },
  from: { hash: "b", revision: 2 },
  to: {
    hash: "a",
    revision: 1,
    source: { kind: "ReplicaSet", name: "checkout-a", uid: "uid-of-checkout-a" },
  },
  incident: "checkout-b",
});

const PAUSE = changeEffect({
  do: "pauseRollout",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "u", generation: 4 },
  why: { revision: "b" },
});
const RESUME = changeEffect({
  do: "resumeRollout",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "u", generation: 4 },
  why: { revision: "b" },
});

function aPolicy() {
  const clock = new ManualClock();
  const startedAt = clock.now();
  const runs: number[] = [];
  const queue = new WorkQueue<typeof KEY>({
    clock,
    concurrency: 1,
    stuckAfterMs: 600_000,
    random: () => 0.5,
    run: async () => void runs.push(clock.now() - startedAt),
  });
  const cluster = createFakeCluster({ world: SNAPSHOT });
  const reported: string[] = [];
  const transitions = {
    decided: () => void reported.push("decided"),
    rollbackNotSent: (_log: unknown, why: string) => void reported.push(why),
    rollbackRefused: () => void reported.push("refused"),
    forget: () => void reported.push("forgotten"),
  };
  const tally = { see: () => {}, forget: () => {} };
  const { logger, lines } = createLogRecorder();
  return {
    policy: new ResultPolicy({ queue, transitions, tally, answers: NO_ANSWERS, cluster, clock }),
    queue,
    clock,
    cluster,
    reported,
    logger,
    lines,
  };
}

const DENIED = "ValidatingAdmissionPolicy 'freeze' with binding 'freeze' denied request: no changes today";

describe("judgeFailure", () => {
  const refusedByValidation = new ApiError("POST /incidents", 422, {
    details: { causes: [{ field: "spec.reason", message: "must not be empty" }] },
  });
  const rules: readonly (readonly [string, unknown, ReturnType<typeof judgeFailure>])[] = [
    ["takes a bad request for terminal", new ApiError("w", 400, {}), { is: "terminal" }],
    ["takes a missing right for terminal", new ApiError("w", 403, {}), { is: "terminal" }],
    ["takes an object that is not valid for terminal", refusedByValidation, { is: "terminal" }],
    ["takes the word of a policy for terminal", new ApiError("w", 422, DENIED), { is: "terminal" }],
    [
      "tries again after a webhook that does not answer",
      new ApiError("w", 500, 'failed calling webhook "policy.example.com"'),
      { is: "error", notBeforeMs: 0 },
    ],
    ["takes a patch that does not apply for a conflict", new ApiError("w", 422, {}), { is: "conflict" }],
    ["takes another resourceVersion for a conflict", new ApiError("w", 409, {}), { is: "conflict" }],
    ["takes an object that is gone for a conflict", new ApiError("w", 404, {}), { is: "conflict" }],
    [
      "tries again what is refused where no guard remembers it",
      new RefusedError("no changes today"),
      { is: "error", notBeforeMs: 0 },
    ],
    ["takes an outdated look for a conflict", new ConflictError("changed"), { is: "conflict" }],
    ["tries again after a fault of the server", new ApiError("w", 500, {}), { is: "error", notBeforeMs: 0 }],
    ["obeys Retry-After", new ApiError("w", 429, {}, 7_000), { is: "error", notBeforeMs: 7_000 }],
    ["tries again without an answer", new ConnectionError("w", "reset"), { is: "error", notBeforeMs: 0 }],
    ["tries again after a bug", new DecisionFailure(SNAPSHOT, "bug"), { is: "error", notBeforeMs: 0 }],
  ];
  for (const [rule, error, expected] of rules) {
    it(rule, () => {
      expect(judgeFailure(error)).to.deep.equal(expected);
    });
  }

  it("looks through the context that was added to an error", () => {
    const failure = new EffectFailure(SNAPSHOT, ROLL_BACK, new ApiError("w", 403, {}));
    expect(judgeFailure(failure)).to.deep.equal({ is: "terminal" });
  });
});

describe("ResultPolicy", () => {
  it("looks again when the decision says so, and at nothing else", () => {
    const { policy, queue, clock, logger } = aPolicy();
    queue.retry(KEY);
    const decision = { ...decide(SNAPSHOT, 0), wakeAt: clock.now() + 5_000 };
    expect(policy.ended(KEY, { is: "settled", snapshot: SNAPSHOT, decision }, logger)).to.equal("success");
    clock.advance(4_999);
    expect(queue.depth).to.equal(0);
    clock.advance(1);
    expect(queue.depth).to.equal(1);
  });

  it("makes the next pass at once after a change was sent", () => {
    const { policy, queue, logger } = aPolicy();
    const decision = decide(SNAPSHOT, 0);
    policy.ended(KEY, { is: "changed", snapshot: SNAPSHOT, decision }, logger);
    expect(queue.depth).to.equal(1);
  });

  it("forgets a guard that is gone", () => {
    const { policy, queue, clock, reported, logger } = aPolicy();
    queue.addAt(KEY, clock.now() + 1_000);
    policy.ended(KEY, { is: "gone" }, logger);
    expect(clock.pending).to.equal(0);
    expect(reported).to.deep.equal(["forgotten"]);
  });

  it("looks again at what a guard that is gone has left behind", () => {
    const { policy, queue, clock, reported, logger } = aPolicy();
    const recheckAt = clock.now() + 60_000;
    policy.ended(KEY, { is: "unguarded", snapshot: SNAPSHOT, recheckAt }, logger);
    expect(reported).to.deep.equal(["forgotten"]);
    clock.advance(60_000);
    expect(queue.depth).to.equal(1);
  });

  it("decides again in a moment when the second decision disagreed, and tells why", () => {
    const { policy, queue, clock, reported, logger } = aPolicy();
    const outcome = { is: "conflict", snapshot: SNAPSHOT, why: "a newer fix came", act: ROLL_BACK } as const;
    expect(policy.ended(KEY, outcome, logger)).to.equal("conflict");
    clock.advance(250);
    expect(queue.depth).to.equal(1);
    expect(reported).to.deep.equal(["a newer fix came"]);
  });

  it("is silent about conflicts", async () => {
    const { policy, queue, clock, logger, lines } = aPolicy();
    expect(await policy.failed(KEY, new ConflictError("changed"), logger)).to.equal("conflict");
    clock.advance(250);
    expect(queue.depth).to.equal(1);
    expect(lines.map(({ level }) => level)).to.deep.equal(["debug"]);
  });

  it("tells a refusal once and does not try again by itself", async () => {
    const { policy, queue, clock, logger, lines } = aPolicy();
    const refused = () => new ApiError("POST /incidents", 403, { reason: "Forbidden" });
    expect(await policy.failed(KEY, refused(), logger)).to.equal("terminal");
    await policy.failed(KEY, refused(), logger);
    clock.advance(3_600_000);
    expect(queue.depth).to.equal(0);
    expect(lines.filter(({ level }) => level === "error")).to.have.length(1);
    policy.ended(KEY, { is: "settled", snapshot: SNAPSHOT, decision: decide(SNAPSHOT, 0) }, logger);
    await policy.failed(KEY, refused(), logger);
    expect(lines.filter(({ level }) => level === "error")).to.have.length(2);
  });

  it("tells on the guard, once, that its Incident cannot be opened", async () => {
    const { policy, cluster, logger } = aPolicy();
    const { name, spec } = anIncident();
    const effect = openIncidentEffect(name, spec);
    const refused = () =>
      new EffectFailure(SNAPSHOT, effect, new ApiError("POST i", 403, "no Incidents here"));
    await policy.failed(KEY, refused(), logger);
    await policy.failed(KEY, refused(), logger);
    expect(cluster.events).to.have.length(1);
    expect(cluster.events[0]).to.include({ on: "RolloutGuard", type: "Warning", reason: "Refused" });
    expect(cluster.events[0]?.message).to.contain("no Incidents here");
  });

  it("counts each refusal of a rollback, logs one error, and decides again at once", () => {
    const { policy, queue, reported, logger, lines } = aPolicy();
    const settled = { is: "settled", snapshot: SNAPSHOT, decision: decide(SNAPSHOT, 0) } as const;
    for (let tries = 0; tries < 3; tries++) {
      const { change } = ROLL_BACK;
      const outcome = { is: "refused", snapshot: SNAPSHOT, why: "no rollbacks on Fridays", change } as const;
      expect(policy.ended(KEY, outcome, logger)).to.equal("terminal");
      expect(queue.depth).to.equal(1);
      policy.ended(KEY, settled, logger);
    }
    expect(reported.filter((what) => what === "refused")).to.have.length(3);
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).to.deep.equal([
      "error: rollback refused by the API server: no rollbacks on Fridays",
    ]);
  });

  it("does not take a pause or a resume for a rollback when it is refused or was not sent", () => {
    const { policy, queue, clock, reported, logger, lines } = aPolicy();
    const refused = { is: "refused", snapshot: SNAPSHOT, why: "no changes today" } as const;
    for (const { change } of [PAUSE, PAUSE, RESUME]) policy.ended(KEY, { ...refused, change }, logger);
    expect(queue.depth, "decides again at once").to.equal(1);
    policy.ended(KEY, { is: "conflict", snapshot: SNAPSHOT, why: "it changed", act: RESUME }, logger);
    clock.advance(250);
    expect(reported).to.deep.equal([]);
    expect(lines.map(({ level, message }) => `${level}: ${message}`)).to.deep.equal([
      "error: pause Deployment checkout refused by the API server: no changes today",
      "error: resume Deployment checkout refused by the API server: no changes today",
      "info: not sent: resume Deployment checkout: it changed",
    ]);
  });

  it("tells on the guard what is wrong with its spec when its status is refused for that", async () => {
    const { policy, cluster, logger } = aPolicy();
    const guard = { ...SNAPSHOT.guard, spec: { invalid: "spec.target: is missing" } };
    const effect = guardStatusEffect({});
    const refused = () => new EffectFailure({ ...SNAPSHOT, guard }, effect, new ApiError("PATCH g", 403, {}));
    await policy.failed(KEY, refused(), logger);
    await policy.failed(KEY, refused(), logger);
    expect(cluster.events.map(({ reason, message }) => [reason, message])).to.deep.equal([
      ["InvalidSpec", "spec.target: is missing"],
    ]);
  });

  it("tells an error that lasts once in ten minutes, whatever its words, and another one at once", async () => {
    const { policy, clock, logger, lines } = aPolicy();
    const reported = () => lines.filter(({ level }) => level === "error").length;
    const away = (attempt: number) => new ApiError(`PATCH guard, try ${attempt}`, 503, {});
    for (let attempt = 0; attempt < 20; attempt++) {
      await policy.failed(KEY, away(attempt), logger);
      clock.advance(20_000);
    }
    expect(reported(), "within seven minutes").to.equal(1);
    await policy.failed(KEY, new ApiError("PATCH guard", 500, {}), logger);
    expect(reported(), "another error").to.equal(2);
    clock.advance(600_000);
    await policy.failed(KEY, away(21), logger);
    expect(reported(), "later").to.equal(3);
    policy.ended(KEY, { is: "settled", snapshot: SNAPSHOT, decision: decide(SNAPSHOT, 0) }, logger);
    await policy.failed(KEY, away(22), logger);
    expect(reported(), "after all was well").to.equal(4);
  });

  it("leaves no guard alone for as long as a proxy may ask", () => {
    const asked = judgeFailure(new ApiError("POST /incidents", 429, {}, 1e15));
    expect(asked).to.deep.equal({ is: "error", notBeforeMs: 60_000 });
  });

  it("backs off after an error, not before the server allows, and tells it with its cause", async () => {
    const { policy, queue, clock, logger, lines } = aPolicy();
    const busy = new ApiError("POST /incidents", 429, {}, 7_000);
    expect(await policy.failed(KEY, busy, logger)).to.equal("error");
    clock.advance(6_999);
    expect(queue.depth).to.equal(0);
    clock.advance(1);
    expect(queue.depth).to.equal(1);
    expect(lines).to.have.length(1);
    expect(lines[0]?.level).to.equal("error");
    expect(lines[0]?.fields).to.have.property("error", busy);
  });
});
