// The operator's process is stopped for minutes (SIGSTOP) and goes on: a paused machine, a laptop that slept.
import { expect } from "chai";
import type { OperatorProcess } from "../../hack/operator-process.ts";
import { OperatorProcesses } from "../testing/operator-processes.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

// Not faster: sockets are no faster because the simulated cluster is, and watches have to catch up.
const TIME_SCALE = 10;
const SLEEP_MS = 90_000;
/** Changes of 10 kB. */
const BACKLOG = 1_500;
const BAD = { tag: "v2", env: { HEALTH: "500" } };
const SLOW = { tag: "v2", env: { START_DELAY: "25s" } };
const NEEDS_SECRET = {
  tag: "v2",
  env: { START_DELAY: "20s" },
  container: { envFrom: [{ secretRef: { name: "later" } }] },
};

describe("the operator's process, stopped for minutes", () => {
  let world: World;
  let operator: OperatorProcess;
  const processes = new OperatorProcesses();

  before(async () => {
    world = await startWorld({ timeScale: TIME_SCALE });
    operator = await processes.start(world.cluster, TIME_SCALE);
  });

  after(async () => {
    await processes.dispose();
    await world.stop();
  });

  it("undoes what is bad afterwards, once, and leaves alone what became good or is on its way", async () => {
    const names = ["bad", "slow", "mended", "supplied", "late"] as const;
    const [bad, slow, mended, supplied, late] = names.map((name) => world.story(name)) as [
      Story,
      Story,
      Story,
      Story,
      Story,
    ];
    const stories = [bad, slow, mended, supplied, late];
    await Promise.all(stories.map(({ given }) => given.aGoodDeployment()));
    slow.when.shipped(SLOW);
    bad.when.shipped(BAD);
    mended.when.shipped(BAD);
    supplied.when.shipped(NEEDS_SECRET);
    // The first pods are up, or fail, and patience is what counts.
    await world.pass(8_000);
    operator.signal("SIGSTOP");
    await world.pass(SLEEP_MS / 2);
    mended.when.shipped({ tag: "v3" });
    await world.pass(SLEEP_MS / 2);
    late.when.shipped(SLOW);
    fillWatch(bad);
    supplied.given.aSecret("later");
    await world.eventually(
      () => "the container that missed its Secret starts",
      () => supplied.pods().some(({ status }) => status.containerStatuses?.some(startsSlowly)),
    );
    expect([slow.isComplete(), mended.isComplete(), supplied.isComplete()]).to.deep.equal([
      true,
      true,
      false,
    ]);
    operator.signal("SIGCONT");

    await Promise.all([
      bad.then.rolledBack(),
      slow.then.good("v2"),
      mended.then.good("v3"),
      supplied.then.good("v2"),
      late.then.good("v2"),
    ]);
    for (const story of [slow, mended, supplied, late]) story.then.leftAlone();
    expect(world.ledger.acceptedRollbacks()).to.have.lengthOf(1);
  });
});

/** What the pods' watch brings first: more than a socket holds, and than is read at once. */
function fillWatch({ world: { cluster }, namespace, pods }: Story): void {
  const { name = "" } = pods()[0]?.metadata ?? {};
  for (let n = 0; n < BACKLOG; n++) {
    const annotations = { "example.com/padding": `${n}${"x".repeat(10_000)}` };
    cluster.store.patch("pods", namespace, name, { metadata: { annotations } });
  }
}

/** Runs a version that is not ready yet. */
function startsSlowly({ image, ready, state }: { image: string; ready: boolean; state?: object }): boolean {
  return image.endsWith(":v2") && !ready && state !== undefined && "running" in state;
}
