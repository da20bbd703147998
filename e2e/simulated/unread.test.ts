// What the operator cannot read any more: guards, log, metrics and health say so, the rest goes on, and it heals.

import type { FaultHandle } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import type { ResourceName } from "../../src/kube/resources.ts";
import type { Operator } from "../testing/operator.ts";
import { unreadable } from "../testing/refusals.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };
/** Nobody selects them: a Service with these pods is not there. */
const QUICK = { checks: { readiness: { patience: "60s" } } };

describe("a resource that the operator cannot read any more", () => {
  let world: World;
  let operator: Operator;
  let story: Story;

  beforeEach(async () => {
    world = await startWorld();
    operator = await world.startOperator();
    story = world.story("shop");
    await story.given.aGoodDeployment({ guard: QUICK });
    await world.pass(10_000);
  });

  afterEach(() => world.stop());

  /** Takes the right to read it away, in flight. */
  function forbid(resource: ResourceName): FaultHandle {
    const on = { verb: ["list", "watch"], resource, userAgent: "rolloutguard/" } as const;
    const fault = world.cluster.faults.add({ on, does: unreadable(resource) });
    world.cluster.faults.add({ on: { verb: "watch", resource }, does: { watch: "end" }, forMs: 0 });
    return fault;
  }

  const ready = () => story.guardStatus().conditions?.find(({ type }) => type === "Ready");
  const becomes = (reason: string) =>
    world.eventually(
      () => `the guard's Ready says ${reason}: ${JSON.stringify(ready())}`,
      () => ready()?.reason === reason && ready(),
    );
  const errors = () => operator.lines.filter(({ level }) => level === "error");
  const readyz = async () => {
    const response = await fetch(`${operator.url()}/readyz`);
    return { status: response.status, body: await response.text() };
  };
  async function watchLagSeconds(resource: string): Promise<number> {
    const page = await (await fetch(`${operator.url()}/metrics`)).text();
    const [, value] = new RegExp(`watch_lag_seconds\\{resource="${resource}"\\} (\\S+)`).exec(page) ?? [];
    return Number(value);
  }

  for (const resource of [
    "pods",
    "deployments",
    "replicasets",
    "services",
    "endpointslices",
    "incidents",
  ] as const) {
    it(`is told by guards, log, metrics and health when it is ${resource}, and it heals`, async () => {
      expect(await readyz()).to.include({ status: 200 });
      const right = forbid(resource);
      const reported = await becomes("CannotRead");
      expect(reported).to.include({ status: "False" });
      expect(reported?.message).to.contain(resource).and.to.contain(`no permission to list ${resource}`);
      await world.pass(300_000);
      expect(errors().map(({ message }) => message)).to.have.lengthOf(1);
      expect(errors()[0]?.message).to.contain(`no current data for a minute: ${resource}`);
      expect(await readyz()).to.deep.equal({
        status: 503,
        body: `out of date for more than a minute: ${resource}\n`,
      });
      expect(await watchLagSeconds(resource)).to.be.above(300);
      right.end();
      await becomes("Watching");
      expect(await readyz()).to.include({ status: 200 });
      expect(await watchLagSeconds(resource)).to.equal(0);
      story.when.shipped(BAD);
      await story.then.rolledBack();
    });
  }

  for (const resource of ["pods", "deployments", "services", "incidents"] as const) {
    it(`is reported as well by an operator that starts when it is ${resource} already, and it heals`, async () => {
      const { conditions: _before, ...before } = story.guardStatus();
      operator.kill();
      const right = forbid(resource);
      operator = await world.launchOperator();
      expect((await becomes("CannotRead"))?.message).to.contain(`no permission to list ${resource}`);
      const { conditions: _now, ...now } = story.guardStatus();
      expect(now, "all else of the status").to.deep.equal(before);
      expect(errors()[0]?.message).to.contain(`no current data for a minute: ${resource}`);
      expect(await readyz()).to.deep.equal({
        status: 503,
        body: `waiting for caches to sync: ${resource}\n`,
      });
      right.end();
      await becomes("Watching");
      story.when.shipped(BAD);
      await story.then.rolledBack();
    });
  }

  it("keeps no operator that starts from its work when it is only evidence", async () => {
    operator.kill();
    forbid("events");
    operator = await world.launchOperator();
    story.when.shipped(BAD);
    await story.then.rolledBack();
    expect(await readyz()).to.include({ status: 200 });
  });

  it("lets nothing be decided that needs it, until it is back", async () => {
    const right = forbid("pods");
    await becomes("CannotRead");
    story.when.shipped(BAD);
    await world.pass(300_000);
    story.then.leftAlone();
    right.end();
    await story.then.rolledBack();
  });

  it("keeps no check from deciding that does not need it", async () => {
    for (const resource of ["services", "endpointslices"] as const) forbid(resource);
    await becomes("CannotRead");
    story.when.shipped(BAD);
    await world.eventually(
      () => `it is rolled back; ${JSON.stringify(story.incidents())}`,
      () => world.ledger.acceptedRollbacks("shop").length === 1,
    );
  });
});
