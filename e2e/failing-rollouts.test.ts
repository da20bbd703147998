// The incidents: whatever way a rollout fails, the last good revision is back, once, and the record says why.
import { expect } from "chai";
import type { Container } from "../hack/simulated-cluster/api-server/kinds.ts";
import { describeScenarios } from "./testing/scenarios.ts";
import { LABELS, READINESS, type Version } from "./testing/shop.ts";

const NO_PROBE: Partial<Container> = { readinessProbe: undefined };
const DATABASE_URL = { DATABASE_URL: "postgres://db/shop" };
const NEEDS_DATABASE = { REQUIRED_ENV: "DATABASE_URL", CRASH_AFTER: "1s" };

/** A version whose health check answers with an error. */
const answers500 = (tag = "v2"): Version => ({ tag, env: { HEALTH: "500" } });

describeScenarios("a rollout that fails is undone", (scenario) => {
  scenario("when the probe asks a port on which nobody listens", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const readinessProbe = { ...READINESS, httpGet: { path: "/healthz", port: 80 } };
    when.shipped({ tag: "v2", container: { ports: [{ containerPort: 80 }], readinessProbe } });
    const { status } = await then.rolledBack({ reason: "NotReady" });
    expect(status?.rootCause).to.contain("changed the probe").and.contain(":80/healthz");
  });

  scenario("when its health check answers 500", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped(answers500());
    const { status } = await then.rolledBack({ reason: "NotReady" });
    expect(status?.rootCause).to.contain("HTTP 500");
    expect(status?.changes).to.include("container app: image shop:v1 → shop:v2");
  });

  scenario("when its health check does not answer in time", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", env: { HEALTH_DELAY: "5s" } });
    const { status } = await then.rolledBack({ reason: "NotReady" });
    expect(status?.rootCause).to.contain("in time");
  });

  scenario("when it crashes for want of a variable, behind a probe", async ({ given, when, then }) => {
    await given.aGoodDeployment({ version: { tag: "v1", env: { ...NEEDS_DATABASE, ...DATABASE_URL } } });
    when.shipped({ tag: "v2", env: NEEDS_DATABASE });
    const { status } = await then.rolledBack({ reason: "CrashLooping" });
    expect(status?.rootCause).to.contain("DATABASE_URL is not set");
  });

  scenario(
    "when it crashes and has no probe, although Kubernetes calls the rollout complete",
    async (story) => {
      const { given, when, then } = story;
      await given.aGoodDeployment({
        version: { tag: "v1", env: { ...NEEDS_DATABASE, ...DATABASE_URL }, container: NO_PROBE },
      });
      when.shipped({ tag: "v2", env: NEEDS_DATABASE, container: NO_PROBE });
      await then.rolledBack({ reason: "CrashLooping" });
    },
  );

  scenario("when its pods lost a label that the Service selects on", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", labels: { app: LABELS.app } });
    const { status } = await then.rolledBack({ reason: "EmptyEndpoints" });
    expect(status?.rootCause).to.contain("tier=backend");
  });

  scenario("when its image cannot be pulled", async ({ given, when, then, world }) => {
    world.cluster.images.set("shop:v2-missing", { isMissing: true });
    await given.aGoodDeployment();
    when.shipped({ tag: "v2-missing" });
    await then.rolledBack({ reason: "ImagePullFailing", from: "v2-missing" });
  });

  scenario("when it needs a Secret that is not there", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const valueFrom = { secretKeyRef: { name: "database", key: "DATABASE_URL" } };
    when.shipped({ tag: "v2", container: { env: [{ name: "DATABASE_URL", valueFrom }] } });
    const { status } = await then.rolledBack({ reason: "ContainerConfigError" });
    expect(status?.rootCause).to.equal('secret "database" not found');
  });

  scenario("when it is killed for its memory again and again", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", env: { OOM_AFTER: "4s" } });
    await then.rolledBack({ reason: "OutOfMemory" });
  });

  scenario("when its init container fails", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const migrate = { name: "migrate", image: "shop:v2", env: [{ name: "CRASH", value: "1" }] };
    when.shipped({ tag: "v2", pod: { initContainers: [migrate] } });
    await then.rolledBack({ reason: "InitContainerFailing" });
  });

  scenario("when a sidecar that it brought crashes", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const env = [
      { name: "CRASH", value: "1" },
      { name: "CRASH_AFTER", value: "2s" },
    ];
    when.shipped({ tag: "v2", sidecars: [{ name: "proxy", image: "proxy:1", env }] });
    const { spec } = await then.rolledBack({ reason: "CrashLooping" });
    expect(spec.message).to.contain("container proxy");
  });

  scenario("when a native sidecar that it brought crashes", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const env = [
      { name: "CRASH", value: "1" },
      { name: "CRASH_AFTER", value: "2s" },
    ];
    const proxy = { name: "proxy", image: "proxy:1", env, restartPolicy: "Always" } as const;
    when.shipped({ tag: "v2", pod: { initContainers: [proxy] } });
    const { spec } = await then.rolledBack({ reason: "CrashLooping" });
    expect(spec.message).to.contain("proxy");
  });

  scenario("when its liveness probe kills it again and again", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    const livenessProbe = { tcpSocket: { port: 9_999 }, periodSeconds: 2, failureThreshold: 2 };
    when.shipped({ tag: "v2", container: { livenessProbe } });
    const { status } = await then.rolledBack({ reason: "CrashLooping" });
    expect(status?.rootCause).to.contain("liveness probe");
  });

  scenario("when no node takes its pods", async ({ given, when, then }) => {
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", pod: { nodeSelector: { disk: "ssd" } } });
    await then.rolledBack({ reason: "Unschedulable" });
  });

  scenario("when a quota refuses its pods", async ({ given, when, then, world, namespace }) => {
    await given.aGoodDeployment();
    world.cluster.setPodQuota(namespace, { name: "three-pods", pods: 3 });
    when.shipped({ tag: "v2" });
    const { spec } = await then.rolledBack({ reason: "CreateFailed" });
    expect(spec.message).to.contain("exceeded quota: three-pods");
  });

  scenario("when the strategy is Recreate and nothing old is left", async ({ given, when, then }) => {
    const deployment = { strategy: { type: "Recreate" } } as const;
    await given.aGoodDeployment({ version: { tag: "v1", deployment } });
    when.shipped({ ...answers500(), deployment });
    await then.rolledBack({ reason: "NotReady" });
  });

  scenario("when it fails after it was complete, within the bake time", async ({ given, when, then }) => {
    await given.aGoodDeployment({ guard: { bakeTime: "60s" } });
    when.shipped({ tag: "v2", env: { FAIL_AFTER: "25s" } });
    await then.rolledBack({ reason: "Degraded" });
  });

  scenario(
    "from the second bad version that came on top of the first",
    async ({ given, when, then, world }) => {
      await given.aGoodDeployment();
      when.shipped(answers500("v2"));
      await world.pass(10_000);
      when.shipped(answers500("v3"));
      const { status } = await then.rolledBack({ from: "v3" });
      expect(status?.changes).to.include("container app: image shop:v1 → shop:v3");
    },
  );

  scenario("again for the next bad version, when no cooldown forbids it", async ({ given, when, then }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(answers500("v2"));
    await then.rolledBack({ from: "v2" });
    when.shipped(answers500("v3"));
    await then.rolledBack({ from: "v3", number: 2 });
  });

  scenario("when the same bad version is shipped again", async ({ given, when, then, ...story }) => {
    await given.aGoodDeployment({ guard: { limits: { cooldown: "0s" } } });
    when.shipped(answers500());
    const first = await then.rolledBack();
    when.shipped(answers500());
    const second = await then.rolledBack({ number: 2 });
    expect(second.spec.failedRevision.hash).to.equal(first.spec.failedRevision.hash);
    expect(story.incidents()).to.have.lengthOf(2);
  });

  scenario(
    "to the revision that is good, not to the one before",
    async ({ given, when, then, world, ...story }) => {
      await given.aGoodDeployment();
      when.shipped({ tag: "v2" });
      await then.good("v2");
      when.shipped(answers500("v3"));
      await world.pass(10_000);
      when.shipped(answers500("v4"));
      await then.rolledBack({ to: "v2", from: "v4" });
      expect(story.history().map(({ revision, cause }) => `${revision}: ${cause}`)).to.deep.equal([
        "5: ship v2",
        "4: ship v4",
        "3: ship v3",
        "1: ship v1",
      ]);
    },
  );
});

describeScenarios("a failing rollout is not undone", (scenario) => {
  scenario("when it is the first, for there is nothing to go back to; a fix is taken up", async (story) => {
    const { given, when, then, deployment } = story;
    given.aDeployment({ ...answers500("v1") });
    given.aGuard();
    const { name, spec } = await then.held("NoGoodRevision");
    expect(spec).to.include({ reason: "NotReady", intent: "Hold" });
    expect(deployment().spec.template.spec.containers[0]?.image).to.equal("shop:v1");
    when.shipped({ tag: "v2" });
    await then.good("v2");
    expect(story.world.ledger.phases(story.namespace, name)).to.deep.equal(["Held", "Superseded"]);
    expect(story.world.ledger.rollbacks(story.namespace)).to.deep.equal([]);
  });

  scenario("when a fix is pushed while it is being judged", async ({ given, when, then, world }) => {
    await given.aGoodDeployment();
    when.shipped(answers500("v2"));
    await world.pass(20_000);
    when.shipped({ tag: "v3" });
    await then.good("v3");
    then.leftAlone();
  });

  scenario("when somebody went back by hand before it was judged", async ({ given, when, then, world }) => {
    await given.aGoodDeployment();
    when.shipped(answers500());
    await world.pass(20_000);
    when.undoneTo(1);
    await then.good("v1");
    await world.pass(60_000);
    then.leftAlone();
  });

  scenario(
    "when somebody goes back by hand while its Incident is held",
    async ({ given, when, then, ...story }) => {
      await given.aGoodDeployment({ guard: { mode: "Observe" } });
      when.shipped(answers500());
      const { name } = await then.held("ObserveMode");
      when.undoneTo(1);
      const { status } = await then.incident("Superseded");
      expect(status?.message).to.match(/^Somebody went back to revision [13] /);
      await then.good("v1");
      expect(story.world.ledger.phases(story.namespace, name)).to.deep.equal(["Held", "Superseded"]);
    },
  );
});
