// The leader dies by SIGKILL at the worst moments: the other replica finishes what was begun, once.
import { expect } from "chai";
import { connectCluster } from "../clusters/cluster-client.ts";
import { startMirror } from "../clusters/mirror.ts";
import { holdFirst } from "../installed/admission-hook.ts";
import type { HeldWrite } from "../installed/admission-manifest.ts";
import { OPERATOR_USERNAME } from "../installed/installation.ts";
import { killProcessOf, leader } from "../installed/operator-pods.ts";
import { createStory } from "../scenarios/story/story.ts";
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
  const client = connectCluster(cluster.kubeConfig);
  const namespaces = MOMENTS.map(({ name }) => `${name}-${round}`);
  const mirror = startMirror(cluster, client, (namespace) => namespaces.includes(namespace));
  const kept: object[] = [];

  before(() => mirror.filled);

  after(async () => {
    mirror.stop();
    await client.close();
    await keepResult("leader", { kills: kept });
  });

  for (const [index, { name, title, write }] of MOMENTS.entries()) {
    it(`${title}: the other replica finishes, and there is one rollback`, async function () {
      // The webhook listens in the network of the API server, and the signal goes to a process of this machine.
      if (!seesProcesses) this.skip();
      const namespace = namespaces[index] ?? "";
      await kubectl(["create", "namespace", namespace]);
      const story = createStory({ cluster, client, mirror, namespace });
      await story.given.aGuardedApplication();
      const before = await leader(kubectl);
      const held = { namespace, username: OPERATOR_USERNAME, ...write };
      let killedAt = 0;
      const hook = await holdFirst(kubectl, held, async () => {
        await killProcessOf(before.pod);
        killedAt = cluster.now();
      });
      try {
        await story.when.shipped({ tag: "v2", env: { HEALTH: "500" } });
        await hook.held;
      } finally {
        await hook.remove();
      }
      await story.then.rolledBack({ reason: "NotReady", class: "HealthCheckFails", cause: "HTTP 500" });
      const after = await leader(kubectl);
      expect(after.identity).not.to.equal(before.identity);
      expect(after.pod.metadata.name).not.to.equal(before.pod.metadata.name);
      kept.push({ name, title, secondsToRecovered: (cluster.now() - killedAt) / 1_000 });
      await kubectl(["delete", "namespace", namespace, "--wait=false"]);
    });
  }
});
