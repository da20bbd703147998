// The operator's real process: how it ends, and how it refuses to start.

import { startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import type { OperatorProcess } from "../../hack/operator-process.ts";
import { INSTALL_CRDS } from "../../src/release.ts";
import { OperatorProcesses } from "../testing/operator-processes.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const TIME_SCALE = 20;
const BAD = { tag: "v2", env: { HEALTH: "500" } };

describe("the operator's process", () => {
  let world: World;
  let story: Story;
  const processes = new OperatorProcesses();

  before(async () => {
    world = await startWorld({ timeScale: TIME_SCALE });
    story = world.story("shop");
  });

  after(async () => {
    await processes.dispose();
    await world.stop();
  });

  const start = (): Promise<OperatorProcess> => processes.start(world.cluster, TIME_SCALE);

  it("ends with 0 at SIGTERM in the middle of a rollout, and the next one ends the work", async () => {
    const first = await start();
    await story.given.aGoodDeployment();
    const decided = firstRequest(world, "incidents");
    story.when.shipped(BAD);
    await decided;
    first.signal("SIGTERM");
    expect((await first.ended).exitCode, first.output()).to.equal(0);
    expect(first.output()).to.contain("received SIGTERM; shutting down").and.contain('"stopped"');

    await start();
    await story.then.rolledBack();
    expect(story.incidents()).to.have.lengthOf(1);
  });

  it("leaves no connection behind", async () => {
    await Promise.all(processes.all.map((one) => one.stop()));
    await world.eventually(
      () => `${world.cluster.openSockets()} sockets are open`,
      () => world.cluster.openSockets() === 0,
    );
  });

  it("does not start without the CRDs, and says which command installs them", async () => {
    const cluster = await startSimulatedCluster();
    const one = await processes.start(cluster, 1);
    expect((await one.ended).exitCode, one.output()).to.equal(1);
    expect(one.output()).to.contain(INSTALL_CRDS);
    await cluster.stop();
  });
});

/** Resolves when an operator sends the first request about such a resource. */
function firstRequest({ cluster }: World, resource: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = cluster.onRequest(({ target, verb }) => {
      if (target?.resource === resource && verb === "create") {
        stop();
        resolve();
      }
      return undefined;
    });
  });
}
