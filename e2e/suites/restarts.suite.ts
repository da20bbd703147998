// The operator's own pods are rolled in the middle of rollouts, as every upgrade of it does: nothing is done twice, and nothing is lost.
import { restartOperator } from "../installed/operator-pods.ts";
import {
  IMPATIENT,
  TOLD_OF_VARIABLE,
  WITH_VARIABLE,
  WITHOUT_VARIABLE,
} from "../scenarios/missing-variable.ts";
import type { Story } from "../scenarios/story/story.ts";
import { SHOP } from "../testing/shop.ts";
import { openStories } from "./open-stories.ts";
import { underTest } from "./under-test.ts";

interface Moment {
  readonly name: string;
  readonly title: string;
  /** Whether the moment has come. */
  readonly hasCome: (story: Story) => boolean;
}

const MOMENTS: readonly Moment[] = [
  {
    name: "restart-while-failing",
    title: "while the evidence comes in",
    hasCome: ({ sight }) => sight.pods(SHOP).length > 0 && !sight.isComplete(SHOP),
  },
  {
    name: "restart-at-incident",
    title: "as soon as there is an Incident",
    hasCome: ({ sight }) => sight.incidents(SHOP).length > 0,
  },
  {
    name: "restart-while-verifying",
    title: "while the rollback is verified",
    hasCome: ({ sight }) => sight.incidents(SHOP).some(({ phase }) => phase === "Verifying"),
  },
];
const LEFT_ALONE = "restart-while-good";

describe("the operator that is rolled", () => {
  const { cluster, kubectl, round } = underTest();
  const namespaceOf = (name: string) => `${name}-${round}`;
  const stories = openStories(
    cluster,
    kubectl,
    [...MOMENTS.map(({ name }) => name), LEFT_ALONE].map(namespaceOf),
  );

  after(() => stories.close());

  for (const { name, title, hasCome } of MOMENTS) {
    it(`${title}: there is one Incident and one rollback`, async () => {
      const story = await stories.begin(namespaceOf(name));
      await story.given.aGuardedApplication(WITH_VARIABLE, SHOP, IMPATIENT);
      await story.when.shipped(WITHOUT_VARIABLE);
      await story.eventually(
        () => title,
        () => hasCome(story),
      );
      await restartOperator(kubectl);
      await story.then.rolledBack(TOLD_OF_VARIABLE);
    });
  }

  it("in the middle of a good rollout: nothing is done", async () => {
    const story = await stories.begin(namespaceOf(LEFT_ALONE));
    await story.given.aGuardedApplication(WITH_VARIABLE);
    await story.when.shipped({ ...WITH_VARIABLE, tag: "v2" });
    await restartOperator(kubectl);
    await story.then.leftAlone();
  });
});
