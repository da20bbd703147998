// The leader dies by SIGKILL at the worst moments: another process finishes what was begun, once.
import { expect } from "chai";
import type { LeaderKill } from "../../hack/generate/real-cluster/results.ts";
import { holdFirst } from "../installed/admission-hook.ts";
import type { HeldWrite } from "../installed/admission-manifest.ts";
import { OPERATOR_USERNAME } from "../installed/installation.ts";
import { killProcessOf, leader } from "../installed/operator-pods.ts";
import {
  IMPATIENT,
  MENTIONS_VARIABLE,
  WITH_VARIABLE,
  WITHOUT_VARIABLE,
} from "../scenarios/missing-variable.ts";
import { SHOP } from "../testing/shop.ts";
import { openStories } from "./open-stories.ts";
import { underTest } from "./under-test.ts";

interface Moment {
  readonly name: string;
  readonly title: string;
  /** The write that never arrives because its sender dies. */
  readonly write: Pick<HeldWrite, "apiGroup" | "resource">;
}

const MOMENTS: readonly Moment[] = [
  {
    name: "leader-dies-before-patch",
    title: "between the Incident and the patch",
    write: { apiGroup: "apps", resource: "deployments" },
  },
  {
    name: "leader-dies-after-patch",
    title: "right after the patch",
    write: { apiGroup: "rolloutguard.io", resource: "incidents/status" },
  },
];

describe("the leader that is killed", () => {
  const { cluster, kubectl, seesProcesses, round, keepResult } = underTest();
  const namespaceOf = (name: string) => `${name}-${round}`;
  const stories = openStories(
    cluster,
    kubectl,
    MOMENTS.map(({ name }) => namespaceOf(name)),
  );
  const kills: LeaderKill[] = [];

  after(async () => {
    await stories.close();
    await keepResult("leader", { kills });
  });

  for (const { name, title, write } of MOMENTS) {
    it(`${title}: another process finishes, and there is one rollback`, async function () {
      // The webhook listens in the network of the API server, and the signal goes to a process of this machine.
      if (!seesProcesses) this.skip();
      const namespace = namespaceOf(name);
      const story = await stories.begin(namespace);
      await story.given.aGuardedApplication(WITH_VARIABLE, SHOP, IMPATIENT);
      const before = await leader(kubectl);
      const held = { namespace, username: OPERATOR_USERNAME, ...write };
      let killedAt = 0;
      const hook = await holdFirst(kubectl, held, async () => {
        killProcessOf(before.pod);
        killedAt = cluster.now();
      });
      try {
        await story.when.shipped(WITHOUT_VARIABLE);
        await hook.held;
      } finally {
        await hook.remove();
      }
      await story.then.rolledBack(MENTIONS_VARIABLE);
      // The other replica, or the killed pod's next container where that is the first to see that the Lease has run out.
      const after = await leader(kubectl);
      expect(after.identity).not.to.equal(before.identity);
      kills.push({ name, title, secondsToRecovered: (cluster.now() - killedAt) / 1_000 });
    });
  }
});
