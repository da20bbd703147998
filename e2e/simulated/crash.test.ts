// The crash test: the operator is thrown away after its k-th write, for every k, and another one starts. State lives in
// the cluster, so the end is always the same, and nothing is done twice.
import { expect } from "chai";
import { atWrites } from "../testing/interventions.ts";
import type { Operator } from "../testing/operator.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

/** What became of the write at which the operator crashed: carried out unbeknown to it, or never arrived. */
type Fate = "carried out" | "lost";

/** The k-th write, or the first one of a kind. */
type Moment = number | string;

const CUT: Readonly<Record<Fate, "before" | "after">> = { "carried out": "after", lost: "before" };

const BAD = { tag: "v2", env: { HEALTH: "500" } };

describe("an operator that crashes", () => {
  let world: World;
  /** How often an operator writes that nobody disturbs, from the bad version to the end. */
  let writes: readonly string[];
  let crashes: Readonly<Record<Fate, Promise<readonly (string | undefined)[]>>>;
  let firstCrashes: Readonly<Record<Fate, Promise<readonly (string | undefined)[]>>>;
  let crashesOnAndOn: Promise<number>;

  before(async () => {
    world = await startWorld();
    writes = await undisturbedRun(world);
    const forEach = (moments: readonly Moment[]) => {
      const of = (fate: Fate) => Promise.all(moments.map((at) => runWithCrash(world, { at, fate })));
      return { "carried out": of("carried out"), lost: of("lost") };
    };
    crashes = forEach(writes.map((_, i) => i + 1));
    firstCrashes = forEach(kindsOf(writes));
    crashesOnAndOn = runWithCrashesOnly(world);
    // Each is awaited by its test, which may come later than its failure.
    const outcomes = [...Object.values(crashes), ...Object.values(firstCrashes), crashesOnAndOn];
    for (const outcome of outcomes) outcome.catch(() => {});
  });

  after(() => world.stop());

  it("would have opened the Incident, patched the Deployment and reported of both", () => {
    const expected = [
      "create incidents",
      "patch deployments",
      "patch incidents/status",
      "patch rolloutguards/status",
    ];
    expect(writes).to.include.members(expected);
    expect(writes.filter((write) => write === "patch deployments")).to.have.lengthOf(1);
    expect(writes.indexOf("create incidents")).to.be.lessThan(writes.indexOf("patch deployments"));
  });

  for (const fate of ["carried out", "lost"] as const) {
    it(`at its k-th write, which is ${fate}, is followed by one that ends the work, for every k`, async () => {
      const crashedAt = (await crashes[fate]).filter((write) => write !== undefined);
      // How often the guard's status is written depends on what was seen on the way.
      expect(crashedAt.length).to.be.greaterThan(writes.length / 2);
    });

    it(`at its first write of any kind, which is ${fate}, is followed by one that ends the work`, async () => {
      expect(await firstCrashes[fate]).to.deep.equal(kindsOf(writes));
    });
  }

  it("each time it starts again, makes no difference either", async () => {
    // What was lost is written again; only Events are not.
    expect(await crashesOnAndOn).to.be.greaterThan(writes.length);
  });
});

/** Every write of every operator is its last: carried out and lost by turns. Resolves with how many crashed. */
async function runWithCrashesOnly(world: World): Promise<number> {
  const story = world.story("crashes-on-and-on");
  const settings = { namespaces: [story.namespace] };
  let operator = await world.startOperator(settings);
  await story.given.aSettledDeployment();
  let crashes = 0;
  let restarting = Promise.resolve();
  const stop = atWrites(story, () => {
    operator.kill();
    restarting = world.launchOperator(settings).then((next) => {
      operator = next;
    });
    crashes += 1;
    return { cut: crashes % 2 === 0 ? "after" : "before" };
  });
  story.when.shipped(BAD);
  await isUndoneOnce(story);
  stop();
  await restarting;
  return crashes;
}

/** The writes of a whole incident, told as "verb resource/subresource". */
async function undisturbedRun(world: World): Promise<readonly string[]> {
  const story = world.story("undisturbed");
  const reported: string[] = [];
  await world.startOperator({ namespaces: [story.namespace] });
  await story.given.aSettledDeployment();
  const stop = atWrites(story, (write) => {
    reported.push(write);
    return undefined;
  });
  story.when.shipped(BAD);
  await isUndoneOnce(story);
  stop();
  return reported;
}

/** Each kind of write once; not Events, which may be left out when there are many. */
function kindsOf(writes: readonly string[]): readonly string[] {
  return [...new Set(writes)].filter((write) => !write.includes("events"));
}

/** Resolves with the write at which the operator crashed; undefined when there were not so many. */
async function runWithCrash(
  world: World,
  { at, fate }: { readonly at: Moment; readonly fate: Fate },
): Promise<string | undefined> {
  const story = world.story(`crash-${at}-${fate}`.replaceAll(/[^a-z0-9]+/g, "-"));
  const settings = { namespaces: [story.namespace] };
  const first: Operator = await world.startOperator(settings);
  await story.given.aSettledDeployment();
  let count = 0;
  let crashedAt: string | undefined;
  let second: Promise<unknown> | undefined;
  const stop = atWrites(story, (write) => {
    count += 1;
    if (crashedAt !== undefined || (at !== count && at !== write)) return undefined;
    crashedAt = write;
    first.kill();
    second = world.startOperator(settings);
    return { cut: CUT[fate] };
  });
  story.when.shipped(BAD);
  try {
    await isUndoneOnce(story);
  } catch (cause) {
    throw new Error(`after a crash at write ${at}, ${crashedAt}, which was ${fate}`, { cause });
  } finally {
    stop();
    await second;
  }
  return crashedAt;
}

/** The end that every run must have, and that must last. */
async function isUndoneOnce(story: Story): Promise<void> {
  const { world, namespace } = story;
  const { name } = await story.then.rolledBack({ reason: "NotReady" });
  await world.pass(45_000);
  expect(world.ledger.incidents(namespace)).to.deep.equal([name]);
  expect(world.ledger.acceptedRollbacks(namespace)).to.have.lengthOf(1);
  expect(world.ledger.images(namespace, "shop")).to.deep.equal(["shop:v1", "shop:v2", "shop:v1"]);
  expect(story.guardStatus()).to.include({ phase: "Healthy", incidents: 1, rollbacks: 1 });
  const reported = world.cluster.store
    .list("events", namespace)
    .filter(({ reason, source }) => reason === "RollingBack" && source.component === "rolloutguard");
  expect(reported.length, "Events about the rollback").to.be.at.most(1);
}
