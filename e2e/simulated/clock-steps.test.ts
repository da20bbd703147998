// The clocks of the operator's machine are set, jump or stand still: no rollback is wrong, and none is missed.
import { expect } from "chai";
import { createMachineClock, type MachineClock } from "../testing/machine-clock.ts";
import { startWorld, type World } from "../testing/world.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };
const SLOW = { tag: "v2", env: { START_DELAY: "25s" } };
const TIME_SCALE = 20;
const HOUR_MS = 3_600_000;
const SLEEP_MS = 600_000;

interface Step {
  readonly title: string;
  readonly take: (clock: MachineClock) => void;
}

const STEPS: readonly Step[] = [
  { title: "the wall clock is set an hour ahead", take: (clock) => clock.stepWall(HOUR_MS) },
  { title: "the wall clock is set an hour back", take: (clock) => clock.stepWall(-HOUR_MS) },
  {
    title: "the monotonic clock jumps ten minutes ahead",
    take: (clock) => clock.jumpAhead(SLEEP_MS),
  },
  { title: "the machine sleeps through ten minutes", take: (clock) => clock.sleepThrough(SLEEP_MS) },
];

describe("a step of the machine's clocks", () => {
  const outcomes = new Map<string, Promise<void>>();
  const worlds: World[] = [];

  before(() => {
    for (const step of STEPS) {
      const outcome = play(step, worlds);
      // Awaited by its test, which may come later than its failure.
      outcome.catch(() => {});
      outcomes.set(step.title, outcome);
    }
  });

  after(() => Promise.all(worlds.map((world) => world.stop())));

  for (const { title } of STEPS) {
    it(`has the bad rollout undone once, and the slow one left alone, when ${title}`, () =>
      outcomes.get(title));
  }
});

async function play({ take }: Step, worlds: World[]): Promise<void> {
  const world = await startWorld({ timeScale: TIME_SCALE });
  worlds.push(world);
  const localTime = createMachineClock(TIME_SCALE);
  await world.startOperator({}, { localTime });
  const [bad, slow] = [world.story("bad"), world.story("slow")];
  await Promise.all([bad.given.aGoodDeployment(), slow.given.aGoodDeployment()]);
  slow.when.shipped(SLOW);
  bad.when.shipped(BAD);
  // In the middle of the slow start, when patience is what counts.
  await world.pass(8_000);
  take(localTime);
  await Promise.all([bad.then.rolledBack(), slow.then.good("v2")]);
  expect(world.ledger.rollbacks("slow"), "the slow one is not even tried to be undone").to.deep.equal([]);
  slow.then.leftAlone();
  expect(world.ledger.acceptedRollbacks()).to.have.lengthOf(1);
  expect(bad.incidents()).to.have.lengthOf(1);
}
