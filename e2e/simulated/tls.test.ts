// The way to every real API server: TLS with HTTP/2.
import { expect } from "chai";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };
/** Guards, Incidents, Deployments, ReplicaSets, Pods, Services, EndpointSlices and Namespaces or what takes their place. */
const WATCHES = 8;

describe("over TLS with HTTP/2", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld({ tls: true });
  });

  afterEach(() => world.stop());

  it("a bad rollout is undone, and all watches and requests share a few sockets", async () => {
    await world.startOperator();
    const story = world.story("shop");
    await story.given.aGoodDeployment();
    story.when.shipped(BAD);
    await story.then.rolledBack();
    expect(world.cluster.openWatches()).to.equal(WATCHES);
    expect(world.cluster.peakSockets()).to.be.at.most(3);
    expect(world.cluster.openSockets()).to.be.at.least(1);
  });

  it("GOAWAY and a restart in the middle of a rollout change nothing", async () => {
    await world.startOperator();
    const story = world.story("shop");
    await story.given.aGoodDeployment();
    story.when.shipped(BAD);
    await world.cluster.restartApiServer({ isGraceful: true, downMs: 5_000 });
    await story.then.rolledBack();
    expect(world.cluster.peakSockets()).to.be.at.most(8);
  });
});
