// A leader whose process is stopped (SIGSTOP) just before its patch, or while the patch is in progress. Another one takes
// over, and then the first one continues where it was stopped.

import type { HandlerEffect } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import type { OperatorProcess } from "../../hack/operator-process.ts";
import { atRequests } from "../testing/interventions.ts";
import { OperatorProcesses } from "../testing/operator-processes.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const TIME_SCALE = 10;
const BAD = { tag: "v2", env: { HEALTH: "500" } };
/** A rollback is sent and verified within seconds: what these stories wait for is the Lease. */
const IMPATIENT = { checks: { readiness: { patience: "30s" } } };
const LEASES = "operators";
const ELECTION = ["--leader-election", "--lease-namespace", LEASES];

describe("a leader that is stopped at its patch and continues when another one leads", () => {
  let world: World;
  let story: Story;
  let processes: OperatorProcesses;

  beforeEach(async () => {
    world = await startWorld({ timeScale: TIME_SCALE });
    world.cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: LEASES } });
    story = world.story("shop");
    processes = new OperatorProcesses();
  });

  afterEach(async () => {
    await processes.dispose();
    await world.stop();
  });

  async function start(flags: readonly string[], ready: string): Promise<OperatorProcess> {
    const one = await processes.start(world.cluster, TIME_SCALE, flags);
    await one.said(ready);
    return one;
  }

  /** Stops the process when its first request of that kind arrives, which then fares as told. */
  async function stopAt(operator: OperatorProcess, wanted: string, effect?: HandlerEffect): Promise<void> {
    let isStopped = false;
    const stop = atRequests(story, (request) => {
      if (request !== wanted) return undefined;
      stop();
      operator.signal("SIGSTOP");
      isStopped = true;
      return effect;
    });
    await world.eventually(
      () => `the operator sends "${wanted}"`,
      () => isStopped,
    );
  }

  it("sends nothing: it asks its clock whether it still leads", async () => {
    const first = await start([...ELECTION, "--identity", "first"], "started leading:");
    const second = await start([...ELECTION, "--identity", "second"], "standing by: first");
    await story.given.aGoodDeployment({ guard: IMPATIENT });
    story.when.shipped(BAD);
    // The last that it asks before the patch.
    await stopAt(first, "list replicasets");
    await story.then.rolledBack();
    expect(second.output()).to.contain("started leading:");
    const before = world.cluster.requests.all().length;
    first.signal("SIGCONT");
    await world.eventually(
      () => `it stands by: ${first.output()}`,
      () => /standing by: second_\w+ holds/.test(first.output()),
    );
    await world.pass(30_000);
    expect(world.ledger.rollbacks().map(({ status }) => status)).to.deep.equal([200]);
    const writes = world.cluster.requests.all().slice(before).filter(isWriteAboutTheShop);
    expect(writes).to.deep.equal([]);
    expect(story.incidents()).to.have.lengthOf(1);
  });

  for (const [how, flags, ready] of [
    ["with leader election", ELECTION, "standing by:"],
    ["without, where each of them leads indefinitely", [], "caches synced"],
  ] as const) {
    it(`is refused by the API server when its patch was in progress: ${how}`, async () => {
      const first = await start([...flags, "--identity", "first"], "caches synced");
      await story.given.aGoodDeployment({ guard: IMPATIENT });
      story.when.shipped(BAD);
      // No gate can call back what was sent: now the patch alone must know that it comes too late.
      await stopAt(first, "patch deployments", { delayMs: 100_000 });
      await start([...flags, "--identity", "second"], ready);
      await story.then.rolledBack();
      await world.eventually(
        () => `the late patch is answered: ${JSON.stringify(world.ledger.rollbacks())}`,
        () => world.ledger.rollbacks().length === 2,
      );
      first.signal("SIGCONT");
      await world.pass(30_000);
      expect(world.ledger.rollbacks().map(({ status }) => status)).to.deep.equal([200, 422]);
      expect(story.incidents()).to.have.lengthOf(1);
      expect(world.ledger.images("shop", "shop")).to.deep.equal(["shop:v1", "shop:v2", "shop:v1"]);
    });
  }
});

function isWriteAboutTheShop({ verb, namespace }: { verb: string; namespace: string }): boolean {
  return namespace === "shop" && !["get", "list", "watch"].includes(verb);
}
