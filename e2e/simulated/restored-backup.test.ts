// etcd is restored from a backup: the operator notices, decides nothing from what it knew before, and goes on.
import { expect } from "chai";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v3", env: { HEALTH: "500" } };
/** More writes than the rollout after the restore makes. */
const MUCH = 1_000;

describe("a cluster that was restored from a backup", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.stop());

  /** Everything goes back to before a second version was rolled out, and much has happened since. */
  async function restoredAfterARollout() {
    await world.startOperator();
    const story = world.story("restored");
    await story.given.aSettledDeployment();
    const { store } = world.cluster;
    const backup = store.backup();
    story.when.shipped({ tag: "v2" });
    await story.then.good("v2");
    for (let count = 0; count < MUCH; count += 1) story.given.aSecret(`written-since-${count}`);
    const before = store.revision;
    await world.cluster.restartApiServer({ backup, downMs: 3_000 });
    return { story, before };
  }

  it("has its next bad rollout rolled back, though watches from later resourceVersions say nothing", async () => {
    const { story, before } = await restoredAfterARollout();
    story.when.shipped(BAD);
    await story.then.rolledBack({ from: "v3", reason: "NotReady" });
    expect(world.cluster.store.revision, "all of it is before what was known").to.be.lessThan(before);
  });

  it("is left alone while it runs the version that it went back to", async () => {
    const { story } = await restoredAfterARollout();
    await story.then.good("v1");
    await world.pass(120_000);
    story.then.leftAlone();
  });
});
