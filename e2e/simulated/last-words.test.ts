// Last words end to end: what the failing container wrote is in the Incident before the rollback removes the pod, where the
// guard asks for it, and nothing that waits or fails about it holds up the rollback.
import { expect } from "chai";
import type { LastWords } from "../../src/api/incident.ts";
import { describeScenarios } from "../testing/scenarios.ts";
import type { Story } from "../testing/story.ts";

const LOGS = { evidence: { logs: true } };
const NEEDS_DATABASE = { REQUIRED_ENV: "DATABASE_URL", CRASH_AFTER: "1s" };
const CRASHES = { tag: "v2", env: NEEDS_DATABASE };
const GOOD = { tag: "v1", env: { ...NEEDS_DATABASE, DATABASE_URL: "postgres://shop:hunter2secret@db/shop" } };

describeScenarios(
  "the last words of a container",
  (scenario) => {
    scenario("are in the Incident, where the guard asks for them", async (story) => {
      const words = await lastWordsOf(story);
      expect(words?.lines).to.deep.equal(["listening on port 8080", "DATABASE_URL is not set"]);
      expect(words?.container).to.equal("app");
      const { requests } = story.world.cluster;
      const logs = requests
        .all()
        .filter(({ subresource, namespace }) => subresource === "log" && namespace === story.namespace);
      // The second, where the container ended once more between the look and the request.
      expect(logs.map(({ status }) => status)).to.deep.equal(logs.length === 2 ? [200, 200] : [200]);
    });

    scenario("are not asked for by a guard that says nothing of them", async (story) => {
      await story.given.aGoodDeployment({ version: GOOD });
      story.when.shipped(CRASHES);
      const { spec } = await story.then.rolledBack({ reason: "CrashLooping" });
      expect(spec).not.to.have.property("lastWords");
      const { requests } = story.world.cluster;
      expect(
        requests
          .all()
          .some(({ subresource, namespace }) => subresource === "log" && namespace === story.namespace),
      ).to.equal(false);
    });

    scenario("show no value that the pods are given, and no secret by its form", async (story) => {
      const { cluster } = story.world;
      const canary = "c4n4ry-0f-a-S3cret";
      const lines = [
        "ok so far",
        `dial failed: password=${canary}`,
        `{"token":"${canary}"}`,
        "\u001B[31mbye\u001B[0m",
      ];
      cluster.store.apply({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { namespace: story.namespace, name: "words" },
        data: { words: lines.join("\n") },
      });
      const env = [
        { name: "CRASH", value: "1" },
        { name: "CRASH_AFTER", value: "1s" },
        { name: "EXIT_MESSAGE", valueFrom: { configMapKeyRef: { name: "words", key: "words" } } },
      ];
      await story.given.aGoodDeployment({ guard: LOGS });
      story.when.shipped({ tag: "v2", container: { env } });
      const { spec } = await story.then.rolledBack({ reason: "CrashLooping" });
      expect(spec.lastWords?.lines).to.deep.equal([
        "listening on port 8080",
        "ok so far",
        "dial failed: password=***",
        '{"token":"***"}',
        "bye",
      ]);
      expect(JSON.stringify(story.world.ledger)).not.to.include(canary);
    });

    scenario("given by value are masked, whatever they look like", async (story) => {
      await story.given.aGoodDeployment({ guard: LOGS });
      story.when.shipped({
        tag: "v2",
        env: { CRASH: "1", CRASH_AFTER: "1s", EXIT_MESSAGE: "open sesame please" },
      });
      const { spec } = await story.then.rolledBack({ reason: "CrashLooping" });
      expect(spec.lastWords?.lines).to.deep.equal(["listening on port 8080", "***"]);
    });

    scenario("are missing, with what to grant, where the right to read logs is", async (story) => {
      const { cluster } = story.world;
      const message = `pods "x" is forbidden: User "operator" cannot get resource "pods/log" in API group "" in the namespace "${story.namespace}"`;
      cluster.faults.add({
        on: { resource: "pods", subresource: "log", namespace: story.namespace },
        does: { answer: { code: 403, message } },
      });
      const words = await lastWordsOf(story);
      expect(words?.lines).to.deep.equal([]);
      expect(words?.missing).to.match(
        /^RolloutGuard has no permission to get pods\/log .*config\/components\/logs\/kustomization\.yaml grants it/,
      );
    });

    scenario("are missing when the kubelet does not answer, and the rollback goes on", async (story) => {
      story.world.cluster.faults.add({
        on: { resource: "pods", subresource: "log", namespace: story.namespace },
        does: { hang: "before" },
      });
      const words = await lastWordsOf(story);
      expect(words?.lines).to.deep.equal([]);
      expect(words?.missing).to.include("could not be read within 2s");
    });

    scenario("are missing when the container could not even start, and nobody is asked", async (story) => {
      await story.given.aGoodDeployment({ guard: LOGS });
      story.when.shipped({ tag: "v2", env: { COMMAND_MISSING: "1" } });
      const { spec } = await story.then.rolledBack();
      expect(spec.lastWords?.missing).to.include("has run");
    });

    scenario("are those of a container that runs and does not become ready, too", async (story) => {
      await story.given.aGoodDeployment({ guard: LOGS });
      story.when.shipped({ tag: "v2", env: { HEALTH: "500" } });
      const { spec } = await story.then.rolledBack();
      expect(spec.lastWords).to.include({ container: "app", previous: false });
      expect(spec.lastWords?.lines).to.deep.equal(["listening on port 8080"]);
    });
  },
  { tls: true },
);

/** Those that the Incident of a release without its database keeps. */
async function lastWordsOf({ given, when, then }: Story): Promise<LastWords | undefined> {
  await given.aGoodDeployment({ guard: LOGS, version: GOOD });
  when.shipped(CRASHES);
  return (await then.rolledBack({ reason: "CrashLooping" })).spec.lastWords;
}
