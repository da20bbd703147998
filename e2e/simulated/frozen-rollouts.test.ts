// A suspicious rollout is paused before it takes more old pods away, and it is never left paused.
import type { Pod } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import { ANNOTATIONS } from "../../src/api/group.ts";
import { startDyingOperator } from "../testing/dying-operator.ts";
import { countPauses, isPaused } from "../testing/pauses.ts";
import { REFUSALS, refusing } from "../testing/refusals.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import { READINESS, SHOP, type Version } from "../testing/shop.ts";
import type { Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const HASTY = {
  strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } },
} as const;
const GOOD: Version = { tag: "v1", deployment: HASTY };
/** The Service selects on a label that its pods do not have. They start slowly, so that there is something to keep. */
const UNSELECTED: Version = {
  tag: "v2",
  labels: { app: SHOP },
  env: { START_DELAY: "12s" },
  deployment: HASTY,
};
/** A second of the cluster is long enough for what the operator does within one. */
const SLOWLY = { timeScale: 10 };
const FIX: Version = { tag: "v3", deployment: HASTY };

const mark = ({ deployment }: Story) => deployment().metadata.annotations?.[ANNOTATIONS.frozenRevision];

/** How often the Deployment is paused, and the fewest endpoints of the Service, from now on. */
function watching(story: Story): { readonly pauses: number; readonly fewestEndpoints: number } {
  const { world, namespace } = story;
  const pauses = countPauses(story);
  let fewestEndpoints = story.readyEndpoints();
  world.cluster.store.subscribe("endpointslices", ({ object }) => {
    if (object.metadata.namespace !== namespace) return;
    fewestEndpoints = Math.min(fewestEndpoints, story.readyEndpoints());
  });
  return {
    get pauses() {
      return pauses();
    },
    get fewestEndpoints() {
      return fewestEndpoints;
    },
  };
}

/** The pods of a version that are not being deleted. */
function podsOf({ world, namespace }: Story, { tag }: Version): readonly Pod[] {
  return world.cluster.store
    .list("pods", namespace)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ spec }) => spec.containers.some(({ image }) => image === `${SHOP}:${tag}`));
}

async function frozen(story: Story): Promise<void> {
  await story.world.eventually(
    () => `the rollout is paused: ${JSON.stringify(story.guardStatus())}`,
    () => isPaused(story) && story.guardStatus().freeze?.state === "Paused",
  );
}

/** The guard says what the API server refuses, in its words, and the command for a person. */
async function saysRefused(story: Story, command: string): Promise<void> {
  await story.world.eventually(
    () => `the guard says ${command}: ${JSON.stringify(story.guardStatus())}`,
    () => {
      const ready = story.guardStatus().conditions?.find(({ type }) => type === "Ready");
      return (
        ready?.reason === "Refused" &&
        ready.message.includes(`${command} deployment/${SHOP}`) &&
        ready.message.includes("exceeded quota: writes")
      );
    },
  );
}

/** From now on the API server refuses whatever operators change of the Deployment. */
function refusingChanges({ world, namespace }: Story) {
  return world.cluster.faults.add(refusing({ namespace }, REFUSALS["a quota denies it"]));
}

async function goesOn(story: Story): Promise<void> {
  await story.world.eventually(
    () => "the rollout is resumed",
    () => !isPaused(story) && mark(story) === undefined,
  );
}

describeScenarios(
  "a rollout whose pods a Service will not select",
  (scenario) => {
    scenario(
      "is paused before the Service is empty, and rolled back and resumed in one patch",
      async (story) => {
        await story.given.aGoodDeployment({ version: GOOD });
        const seen = watching(story);
        story.when.shipped(UNSELECTED);
        await frozen(story);
        expect(story.guardStatus().conditions?.find(({ type }) => type === "Healthy")?.reason).to.equal(
          "Frozen",
        );
        const { status } = await story.then.rolledBack({ reason: "EmptyEndpoints" });
        expect(status?.timeline.map(({ what }) => what)).to.include.members(["RolloutStarted", "Frozen"]);
        expect(seen).to.deep.equal({ pauses: 1, fewestEndpoints: 2 });
        expect(isPaused(story)).to.equal(false);
        expect(mark(story)).to.equal(undefined);
        const said = story.world.cluster.store
          .list("events", story.namespace)
          .filter(({ reason }) => reason === "Frozen");
        expect(said).to.have.lengthOf(1);
        expect(said[0]?.message).to.contain(
          `kubectl rollout resume deployment/${SHOP} -n ${story.namespace}`,
        );
      },
    );

    scenario("is left alone when the Service follows eight seconds later", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      const seen = watching(story);
      story.when.shipped(UNSELECTED);
      await frozen(story);
      await story.world.pass(8_000);
      story.world.cluster.store.patch("services", story.namespace, SHOP, {
        spec: { selector: { tier: null } },
      });
      await story.then.good("v2");
      expect(isPaused(story)).to.equal(false);
      expect(seen.pauses).to.equal(1);
      story.then.leftAlone();
    });

    scenario("goes on when a person resumes it, and is not paused again", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      const seen = watching(story);
      story.when.shipped(UNSELECTED);
      await frozen(story);
      story.when.paused(false);
      await goesOn(story);
      await story.then.rolledBack({ reason: "EmptyEndpoints" });
      expect(seen.pauses).to.equal(1);
    });

    scenario("lets the fix ship at once", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      story.when.shipped(UNSELECTED);
      await frozen(story);
      story.when.shipped(FIX);
      await story.then.good("v3");
      expect(isPaused(story)).to.equal(false);
      expect(mark(story)).to.equal(undefined);
      story.then.leftAlone();
    });

    scenario("is resumed when its guard is deleted: nobody else would do it", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      story.when.shipped(UNSELECTED);
      await frozen(story);
      story.world.cluster.store.delete("rolloutguards", story.namespace, SHOP);
      await goesOn(story);
    });

    scenario("is not paused by a guard that says so", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD, guard: { freeze: "Never" } });
      const seen = watching(story);
      story.when.shipped(UNSELECTED);
      await story.then.rolledBack({ reason: "EmptyEndpoints" });
      expect(seen).to.deep.equal({ pauses: 0, fewestEndpoints: 0 });
    });
  },
  SLOWLY,
);

describeScenarios(
  "a suspicious rollout where the API server refuses what RolloutGuard changes",
  (scenario) => {
    scenario(
      "is resumed when that is possible again, and the guard says what it waits for",
      async (story) => {
        await story.given.aGoodDeployment({ version: GOOD });
        story.when.shipped(UNSELECTED);
        await frozen(story);
        const fault = refusingChanges(story);
        story.world.cluster.store.patch("services", story.namespace, SHOP, {
          spec: { selector: { tier: null } },
        });
        await saysRefused(story, "kubectl rollout resume");
        expect(isPaused(story)).to.equal(true);
        fault.end();
        await story.then.good("v2");
        expect(mark(story)).to.equal(undefined);
        await story.world.eventually(
          () => `the guard is ready again: ${JSON.stringify(story.guardStatus())}`,
          () => story.guardStatus().conditions?.find(({ type }) => type === "Ready")?.reason === "Watching",
        );
        story.then.leftAlone();
      },
    );

    scenario("is judged on when a person resumes it, and only the annotation is left", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      story.when.shipped(UNSELECTED);
      await frozen(story);
      const fault = refusingChanges(story);
      story.when.paused(false);
      await saysRefused(story, "kubectl annotate");
      await story.then.incident("Held");
      story.when.shipped(FIX);
      await story.then.good("v3");
      await story.then.incident("Superseded");
      expect(mark(story)).not.to.equal(undefined);
      fault.end();
      await goesOn(story);
    });

    scenario("is rolled back also where it could not be paused", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      const fault = refusingChanges(story);
      story.when.shipped(UNSELECTED);
      await saysRefused(story, "kubectl rollout pause");
      await story.then.incident("Held");
      fault.end();
      await story.then.rolledBack({ reason: "EmptyEndpoints" });
      expect(isPaused(story)).to.equal(false);
    });
  },
  SLOWLY,
);

describeScenarios(
  "a rollout whose pods crash",
  (scenario) => {
    // A pod that is available for a moment costs an old one before anybody can see that it crashes.
    const versions: Readonly<Record<string, Version>> = {
      "before they are ready": {
        tag: "v2",
        env: { CRASH: "1", CRASH_AFTER: "1s" },
        container: { readinessProbe: { ...READINESS, initialDelaySeconds: 5 } },
        deployment: HASTY,
      },
      "when they are ready, and not available yet": {
        tag: "v2",
        env: { CRASH: "1", CRASH_AFTER: "20s" },
        deployment: { ...HASTY, minReadySeconds: 60 },
      },
    };
    for (const [when, version] of Object.entries(versions)) {
      scenario(`${when} is paused at the first crash, and stays so while they crash again`, async (story) => {
        // Six failures take minutes: long enough on any machine to see what happens before.
        const guard = { checks: { crashLoop: { restarts: 5 } } };
        await story.given.aGoodDeployment({ version: GOOD, guard });
        const seen = watching(story);
        story.when.shipped(version);
        await frozen(story);
        await story.world.eventually(
          () => "the new pods have crashed three times",
          () =>
            podsOf(story, version).every(({ status }) =>
              status?.containerStatuses?.every(
                ({ restartCount, state }) => restartCount > 2 || (restartCount === 2 && !state?.running),
              ),
            ),
        );
        expect(isPaused(story)).to.equal(true);
        expect(seen.pauses).to.equal(1);
        expect(podsOf(story, GOOD)).to.have.lengthOf(2);
      });
    }
  },
  SLOWLY,
);

describeScenarios("a rollout in which nothing is suspicious", (scenario) => {
  const versions: Readonly<Record<string, Version>> = {
    "that is as fast as the last": { tag: "v2", deployment: HASTY },
    "that starts twice as slowly": { tag: "v2", env: { START_DELAY: "8s" }, deployment: HASTY },
    "that takes a minute and says that it is not ready yet": {
      tag: "v2",
      env: { START_DELAY: "60s" },
      deployment: {
        ...HASTY,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      },
    },
    "that probes another path": {
      tag: "v2",
      container: { readinessProbe: { ...READINESS, periodSeconds: 5 } },
      deployment: HASTY,
    },
  };
  for (const [what, version] of Object.entries(versions)) {
    scenario(`is never paused: one ${what}`, async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      const seen = watching(story);
      story.when.shipped(version);
      await story.then.good("v2");
      expect(seen.pauses).to.equal(0);
      expect(story.guardStatus().freeze).to.equal(undefined);
      story.then.leftAlone();
    });
  }
});

describe("an operator that crashes while it pauses a suspicious rollout", () => {
  let world: World;
  before(async () => {
    world = await startWorld(SLOWLY);
  });
  after(() => world.stop());

  for (const cut of ["after", "before"] as const) {
    it(`at any write, which is ${cut === "after" ? "carried out" : "lost"}, is followed by one that leaves nothing paused`, async () => {
      const story = world.story(`crashes-${cut}`);
      const operator = await startDyingOperator(world, story);
      await story.given.aGoodDeployment({ version: GOOD });
      await world.pass(10_000);
      const seen = watching(story);
      const dying = operator.dieAtWrites(cut);
      story.when.shipped(UNSELECTED);
      await story.then.rolledBack({ reason: "EmptyEndpoints" });
      await dying.stop();
      expect(dying.writes()).to.be.greaterThan(2);
      expect(seen.pauses).to.equal(1);
      expect(seen.fewestEndpoints).to.be.greaterThan(0);
      expect(isPaused(story)).to.equal(false);
      expect(mark(story)).to.equal(undefined);
    });
  }
});
