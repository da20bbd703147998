// Rollouts that fail while people are at work on them: what they do counts, and nothing is done twice.
import { expect } from "chai";
import { SHOP } from "../testing/shop.ts";
import type { Scenario } from "./scenario.ts";
import type { Sight } from "./story/sight.ts";
import type { Telling } from "./story/story.ts";

const BAD = { tag: "v2", env: { HEALTH: "500" } };

export const PEOPLE_ACT_TOO: readonly Scenario[] = [
  {
    name: "fix-while-deciding",
    title: "it is bad, and a fix is applied at the time of the decision: the fix stays",
    kind: "fails",
    reason: "NotReady",
    needs: ["operator"],
    async play(story) {
      const { given, when, then, deeds } = story;
      await given.aGuardedApplication();
      await when.shipped(BAD);
      await anIncidentIsOpen(story);
      await when.shipped({ tag: "v3" });
      await settled(story, "v3");
      // The fix came before the patch, which was then refused, or after it; it was never overwritten.
      const fix = deeds.done.at(-1)?.generation ?? 0;
      const changes = then.foreign(SHOP);
      expect(changes.length, "changes by others").to.be.at.most(1);
      for (const { generation } of changes) expect(generation, "a change after the fix").to.be.below(fix);
    },
  },
  {
    name: "undo-while-deciding",
    title: "it is bad, and someone rolls back manually at the time of the decision: it is rolled back once",
    kind: "fails",
    reason: "NotReady",
    needs: ["operator"],
    async play(story) {
      const { given, when, then, deeds, sight } = story;
      await given.aGuardedApplication();
      // By its hash: its number is another one as soon as the operator has gone back to it.
      const good = liveHash(sight);
      await when.shipped(BAD);
      await anIncidentIsOpen(story);
      await when.undoneTo(good);
      await settled(story, "v1");
      // Either the operator's patch changed the template or that of the person did; the other found nothing to do.
      const shipped = 2;
      const byHand = deeds.done.filter(({ generation }) => generation > shipped).length;
      expect(byHand + then.foreign(SHOP).length, "changes after the bad version").to.equal(1);
    },
  },
  {
    name: "undone-by-hand",
    title: "to a bad version that is undone before a decision",
    kind: "leftAlone",
    async play({ given, when, then, sight, eventually, pass }) {
      await given.aGuardedApplication();
      const good = liveHash(sight);
      await when.shipped(BAD);
      await eventually(
        () => "a pod of the bad version runs",
        () =>
          sight.pods(SHOP).length > 3 && sight.pods(SHOP).every(({ status }) => status?.phase === "Running"),
      );
      await pass(10_000);
      await when.undoneTo(good);
      await then.leftAlone();
    },
  },
];

/** The template hash of the newest revision. */
function liveHash(sight: Sight): string {
  return sight.history(SHOP)[0]?.hash ?? "";
}

/** The moment between the Incident, which says what is meant, and the patch. */
async function anIncidentIsOpen({ sight, eventually, then }: Telling): Promise<void> {
  await eventually(
    () => `an Incident is opened; ${then.tell(SHOP)}`,
    () => sight.incidents(SHOP)[0],
  );
}

/** That version runs, its only Incident has ended, and nothing happens any more. */
async function settled({ cluster, sight, eventually, then, pass }: Telling, tag: string): Promise<void> {
  const isWanted = () => {
    const image = sight.deployment(SHOP).spec.template.spec.containers[0]?.image;
    return image === cluster.applicationImage(tag) && sight.isComplete(SHOP);
  };
  await eventually(
    () => `${tag} runs and no Incident is open; ${then.tell(SHOP)}`,
    () => isWanted() && sight.incidents(SHOP).every(({ status }) => status?.endedAt !== undefined),
  );
  await pass(60_000);
  expect(isWanted(), `${tag} still runs`).to.equal(true);
  const incidents = sight.incidents(SHOP);
  expect(incidents).to.have.lengthOf(1);
  expect(incidents[0]?.phase).to.be.oneOf(["Superseded", "Recovered"]);
  expect(sight.guardStatus(SHOP).activeIncident).to.equal(undefined);
}
