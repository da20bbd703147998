// The operator's real process: how it ends, and how it refuses to start.

import { startSimulatedCluster } from "@rolloutguard/simulated-cluster";
import { expect } from "chai";
import { INSTALL_CRDS } from "../../src/release.ts";
import { type OperatorProcess, startOperatorProcess } from "../testing/operator-process.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const TIME_SCALE = 20;
const BAD = { tag: "v2", env: { HEALTH: "500" } };

describe("the operator's process", () => {
  let world: World;
  let story: Story;
  const processes: OperatorProcess[] = [];

  before(async () => {
    world = await startWorld({ timeScale: TIME_SCALE });
    story = world.story("shop");
  });

  after(async () => {
    await Promise.all(processes.map((one) => one.dispose()));
    await world.stop();
  });

  async function start(): Promise<OperatorProcess> {
    const one = await startOperatorProcess(world.cluster, TIME_SCALE);
    processes.push(one);
    return one;
  }

  it("ends with 0 at SIGTERM in the middle of a rollout, and the next one ends the work", async () => {
    const first = await start();
    await story.given.aGoodDeployment();
    const decided = firstRequest(world, "incidents");
    story.when.shipped(BAD);
    await decided;
    first.child.kill("SIGTERM");
    expect(await first.exited, first.output()).to.equal(0);
    expect(first.output()).to.contain("received SIGTERM; shutting down").and.contain('"stopped"');

    await start();
    await story.then.rolledBack();
    expect(story.incidents()).to.have.lengthOf(1);
  });

  it("leaves no connection behind", async () => {
    for (const one of processes) one.child.kill("SIGTERM");
    await Promise.all(processes.map(({ exited }) => exited));
    await world.eventually(
      () => `${world.cluster.openSockets()} sockets are open`,
      () => world.cluster.openSockets() === 0,
    );
  });

  it("does not start without the CRDs, and says which command installs them", async () => {
    const cluster = await startSimulatedCluster();
    const one = await startOperatorProcess(cluster, 1);
    expect(await one.exited, one.output()).to.equal(1);
    expect(one.output()).to.contain(INSTALL_CRDS);
    await one.dispose();
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
