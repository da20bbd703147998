import { expect } from "chai";
import { passTime } from "../../wait-until.ts";
import { NAMESPACE, type RolloutTest, startRolloutTest } from "../testing/rollout-test.ts";
import { templateHash } from "./template-hash.ts";

const REVISION = "deployment.kubernetes.io/revision";
const HISTORY = "deployment.kubernetes.io/revision-history";

describe("the revisions of a Deployment", () => {
  let test: RolloutTest;

  beforeEach(async () => {
    test = await startRolloutTest();
  });

  afterEach(() => test.cluster.stop());

  it("are renumbered when an old template comes back, and the ReplicaSet remembers all its numbers", async () => {
    for (const image of ["web:1", "web:2", "web:1", "web:2", "web:1"]) await test.rollOut({ image });
    expect(test.sets()).to.have.length(2);
    expect(test.setOf("web:1").metadata.annotations).to.include({ [REVISION]: "5", [HISTORY]: "1,3" });
    expect(test.setOf("web:2").metadata.annotations).to.include({ [REVISION]: "4", [HISTORY]: "2" });
    expect(test.deployment().metadata.annotations).to.include({ [REVISION]: "5" });
  });

  it("are renumbered even while the Deployment is paused", async () => {
    await test.rollOut({ image: "web:1" });
    await test.rollOut({ image: "web:2" });
    test.apply({ image: "web:1", spec: { paused: true } });
    await test.until("the number", () => test.setOf("web:1").metadata.annotations?.[REVISION] === "3");
    await passTime(test.cluster, 5_000);
    expect(test.setOf("web:1").spec.replicas).to.equal(0);
  });

  it("include a restart, which changes nothing but a date", async () => {
    await test.rollOut({ image: "web:1" });
    const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" };
    test.cluster.store.patch("deployments", NAMESPACE, "web", {
      spec: { template: { metadata: { annotations } } },
    });
    await test.until("a second revision", () => test.deployment().metadata.annotations?.[REVISION] === "2");
    expect(test.sets()).to.have.length(2);
  });

  it("are kept while a rollout is under way, however old, and cleaned up oldest first when it is complete", async () => {
    for (const image of ["web:1", "web:2", "web:3"])
      await test.rollOut({ image, spec: { revisionHistoryLimit: 2 } });
    test.apply({ image: "web:4", env: { HEALTH: "500" }, spec: { revisionHistoryLimit: 1 } });
    await test.until("a new pod is there", () => test.podsOf("web:4").length > 0);
    await passTime(test.cluster, 20_000);
    expect(test.sets()).to.have.length(4);
    await test.rollOut({ image: "web:4", spec: { revisionHistoryLimit: 1 } });
    await test.until("the oldest are gone", () => test.sets().length === 2);
    const images = test.sets().map(({ spec }) => spec.template.spec.containers[0]?.image);
    expect(images).to.deep.equal(["web:4", "web:4"]);
  });

  it("leave nothing to go back to with a history limit of 0", async () => {
    await test.rollOut({ image: "web:1", spec: { revisionHistoryLimit: 0 } });
    await test.rollOut({ image: "web:2", spec: { revisionHistoryLimit: 0 } });
    await test.until("the old one is gone", () => test.sets().length === 1);
    expect(test.setOf("web:2").spec.replicas).to.equal(3);
  });

  it("get another hash when the first is taken by a different template", async () => {
    test.apply({ image: "web:1", spec: { replicas: 1, paused: true } });
    const { template } = test.deployment().spec;
    const hash = templateHash(template);
    const foreign = { app: "foreign" };
    test.cluster.store.apply({
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: `web-${hash}`, namespace: NAMESPACE },
      spec: {
        replicas: 0,
        selector: { matchLabels: foreign },
        template: { metadata: { labels: foreign }, spec: { containers: [{ name: "a", image: "a:1" }] } },
      },
    });
    test.patch({ paused: undefined });
    await test.rollOut({ image: "web:1", spec: { replicas: 1 } });
    expect(test.deployment().status.collisionCount).to.equal(1);
    const other = templateHash(template, 1);
    expect(other).to.not.equal(hash);
    expect(test.setOf("web:1").metadata.name).to.equal(`web-${other}`);
    expect(test.setOf("web:1").spec.selector.matchLabels).to.include({ "pod-template-hash": other });
  });

  it("wait for a ReplicaSet that is being deleted to be gone, rather than take its name for a collision", async () => {
    await test.rollOut({ image: "web:1" });
    const before = test.setOf("web:1").metadata;
    test.cluster.store.delete("replicasets", NAMESPACE, before.name, { propagationPolicy: "Foreground" });
    await test.until("another one is there", () => {
      const [set] = test.sets();
      return set !== undefined && set.metadata.uid !== before.uid;
    });
    expect(test.setOf("web:1").metadata.name).to.equal(before.name);
    expect(test.deployment().status.collisionCount).to.equal(undefined);
  });

  it("say why the ReplicaSet of a new one cannot be made", async () => {
    test.cluster.parts.objects.registry.admissions.push(({ id }) =>
      id === "replicasets" ? "not today" : undefined,
    );
    test.apply({ image: "web:1" });
    await test.until("the reason", () => test.condition("Progressing")?.status === "False");
    const name = `web-${templateHash(test.deployment().spec.template)}`;
    const message = `Failed to create new replica set "${name}": replicasets.apps "${name}" is forbidden: not today`;
    expect(test.condition("Progressing")).to.include({ reason: "ReplicaSetCreateError", message });
    expect(test.events("ReplicaSetCreateError")).to.deep.equal([message]);
  });
});
