// The operator's own pods are rolled in the middle of rollouts, as every upgrade of it does: no rollback is sent twice, and none
// is lost. The stories play side by side, so each of them also meets the restarts of the others.
import { setTimeout as sleep } from "node:timers/promises";
import PQueue from "p-queue";
import { restartOperator } from "../installed/operator-pods.ts";
import {
  IMPATIENT,
  MENTIONS_VARIABLE,
  WITH_VARIABLE,
  WITHOUT_VARIABLE,
} from "../scenarios/missing-variable.ts";
import type { Rollback } from "../scenarios/story/outcomes.ts";
import type { Story } from "../scenarios/story/story.ts";
import { SHOP } from "../testing/shop.ts";
import { openStories } from "./open-stories.ts";
import { underTest } from "./under-test.ts";

/** The moments come apart by this: one restart at a time, each at its own moment. */
const SPACING_MS = 15_000;

interface RestartStory {
  readonly name: string;
  readonly title: string;
  readonly ships: typeof WITHOUT_VARIABLE;
  /** Whether the moment for the restart has come. */
  readonly hasCome: (story: Story) => boolean;
  /** Undefined for a rollout that is left alone. */
  readonly rollback?: Rollback;
}

const FAILING = { ships: WITHOUT_VARIABLE, rollback: MENTIONS_VARIABLE };

const STORIES: readonly RestartStory[] = [
  {
    ...FAILING,
    name: "restart-while-failing",
    title: "while the evidence comes in: there is one Incident and one rollback",
    hasCome: ({ sight }) => sight.pods(SHOP).length > 0 && !sight.isComplete(SHOP),
  },
  {
    ...FAILING,
    name: "restart-at-incident",
    title: "as soon as there is an Incident: there is one Incident and one rollback",
    hasCome: ({ sight }) => sight.incidents(SHOP).length > 0,
  },
  {
    ...FAILING,
    name: "restart-while-verifying",
    title: "while the rollback is verified: there is one Incident and one rollback",
    hasCome: ({ sight }) => sight.incidents(SHOP).some(({ phase }) => phase === "Verifying"),
  },
  {
    name: "restart-while-good",
    title: "in the middle of a good rollout: it is left alone",
    ships: { ...WITH_VARIABLE, tag: "v2" },
    hasCome: () => true,
  },
];

describe("the operator that is rolled", () => {
  const { cluster, kubectl, round } = underTest();
  const namespaceOf = ({ name }: RestartStory) => `${name}-${round}`;
  const stories = openStories(cluster, kubectl, STORIES.map(namespaceOf));
  const restarts = new PQueue({ concurrency: 1 });
  let ends: ReadonlyMap<string, Promise<void>>;

  async function play(chosen: RestartStory, index: number): Promise<void> {
    await sleep(index * SPACING_MS);
    const story = await stories.begin(namespaceOf(chosen));
    await story.given.aGuardedApplication(WITH_VARIABLE, SHOP, chosen.rollback ? IMPATIENT : {});
    await story.when.shipped(chosen.ships);
    await story.eventually(
      () => chosen.title,
      () => chosen.hasCome(story),
    );
    await restarts.add(() => restartOperator(kubectl));
    await (chosen.rollback ? story.then.rolledBack(chosen.rollback) : story.then.leftAlone());
  }

  before(() => {
    ends = new Map(STORIES.map((story, index) => [story.name, play(story, index)]));
    // Each is awaited by its test, which may come later than its failure.
    for (const end of ends.values()) end.catch(() => {});
  });

  after(async () => {
    await Promise.allSettled(ends.values());
    await stories.close();
  });

  for (const { name, title } of STORIES) it(title, () => ends.get(name));
});
