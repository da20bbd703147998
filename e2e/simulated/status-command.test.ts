// `kubectl rolloutguard status`: what it says of guards that are well, wait, or fail, and where it cannot tell.
import { expect } from "chai";
import { parse } from "yaml";
import { deploymentOf, READINESS, SHOP } from "../testing/shop.ts";
import { startWorld, type World } from "../testing/world.ts";

/** Nothing fails before the end of a test. */
const PATIENT = {
  checks: {
    readiness: { patience: "1h" },
    emptyEndpoints: { for: "1h" },
    imagePull: { patience: "1h" },
    progressDeadline: { enabled: false },
  },
};
const WRONG_PORT = {
  ports: [{ containerPort: 80 }],
  readinessProbe: { ...READINESS, httpGet: { path: "/healthz", port: 80 } },
};

describe("kubectl rolloutguard status", () => {
  let world: World;
  const status = (namespace: string, ...args: readonly string[]) =>
    world.command(namespace, ["status", ...args]);

  before(async () => {
    world = await startWorld();
    await world.startOperator();
  });

  after(() => world.stop());

  afterEach(() => world.cluster.faults.clear());

  it("tells of a guard that is well what runs, that it is good, and its Services with their endpoints", async () => {
    await world.story("well").given.aGoodDeployment();
    const glance = await status("well");
    expect([glance.exitCode, glance.err]).to.deep.equal([0, ""]);
    expect(glance.out).to.match(/^NAME +PHASE +REASON +RUNNING +GOOD +LAST INCIDENT$/m);
    expect(glance.out).to.match(/^shop +Healthy +RolloutGood +v1 \(1\) +v1 \(1\) +-$/m);
    const one = await status("well", `deployment/${SHOP}`);
    expect([one.exitCode, one.err]).to.deep.equal([0, ""]);
    expect(one.out).to.match(/^shop in well guards Deployment shop, mode Rollback$/m);
    expect(one.out).to.match(/^Services +shop: 3 ready endpoints$/m);
    expect(one.out).to.match(/^1 \(running\) +good .* 3\/3 +shop:v1/m);
    expect(one.out).not.to.include("Risks");
  });

  it("tells how long a finding is pending, of how long it may, by the operator's own rules", async () => {
    const story = world.story("pending");
    await story.given.aGoodDeployment({ guard: PATIENT });
    story.when.shipped({ tag: "v2", env: { HEALTH: "500" } });
    await world.eventually(
      () => "a probe fails",
      () => world.cluster.store.list("events", "pending").some(({ reason }) => reason === "Unhealthy"),
    );
    const { exitCode, out } = await status("pending", SHOP);
    expect(exitCode, out).to.equal(0);
    expect(out).to.match(/^Phase +Progressing: RolloutProgressing$/m);
    expect(out).to.match(/^Findings +- NotReady, pending: 1 of 1 pod is not ready yet/m);
    expect(out).to.match(/^Waiting for +NotReady for (\d+m)?(\d+s)? of 1h: fails in 5\d/m);
    expect(out).to.match(/^Good +shop:v1, revision 1 \(\w+\); a rollback restores it$/m);
    expect(out)
      .to.match(/^2 \(running\) +unknown /m)
      .and.to.match(/^1 +good /m);
  });

  it("knows since when a Service is empty, although it looks for the first time", async () => {
    const story = world.story("empty");
    await story.given.aGoodDeployment({ guard: PATIENT });
    story.when.shipped({ tag: "v2", labels: { app: SHOP } });
    await world.eventually(
      () => "the rollout is complete and has no endpoints",
      () => story.isComplete() && story.readyEndpoints() === 0,
    );
    await world.pass(30_000);
    const { out } = await status("empty", SHOP);
    expect(out).to.match(/^Services +shop: 0 ready endpoints$/m);
    const [, span = ""] = /EmptyEndpoints for (\S+) of 1h: /.exec(out) ?? [];
    expect(span, out).to.match(/^(\d+m\d*s?|[2-9]\ds)$/);
  });

  it("knows since when an image cannot be pulled, although it looks for the first time", async () => {
    const story = world.story("image");
    await story.given.aGoodDeployment({ guard: PATIENT });
    world.cluster.images.set("shop:gone", { isMissing: true });
    story.when.shipped({ tag: "gone" });
    await world.eventually(
      () => "an Event tells of it",
      () => world.cluster.store.list("events", "image").some(({ reason }) => reason === "Failed"),
    );
    await world.pass(30_000);
    const { out } = await status("image", SHOP);
    const [, span = ""] = /ImagePullFailing for (\S+) of 1h: /.exec(out) ?? [];
    expect(span, out).to.match(/^(\d+m\d*s?|[2-9]\ds)$/);
  });

  it("fails with 1 while a rollout fails, and says what holds the rollback back", async () => {
    const story = world.story("held");
    await story.given.aGoodDeployment({ guard: { mode: "Observe" } });
    story.when.shipped({ tag: "v2", container: WRONG_PORT });
    const { name } = await story.then.held("ObserveMode");
    const { exitCode, out, err } = await status("held", SHOP);
    expect([exitCode, err]).to.deep.equal([1, ""]);
    expect(out).to.match(/^Phase +Failing: NotReady$/m);
    expect(out).to.match(/^Findings +- NotReady, failing since \d\d:\d\d:\d\d UTC: /m);
    expect(out).to.match(/^Held by +ObserveMode: /m);
    expect(out).to.match(new RegExp(`^Incidents +open: ${name}, `, "m"));
    expect(out).to.match(new RegExp(`^2 \\(running\\) +bad .* Incident ${name}$`, "m"));
  });

  it("says the same as data, in JSON and in YAML", async () => {
    await world.story("data").given.aGoodDeployment();
    const json = JSON.parse((await status("data", SHOP, "-o", "json")).out) as Record<string, unknown>;
    expect(json).to.deep.include({
      name: SHOP,
      phase: "Healthy",
      isUnreported: false,
      findings: [],
      risks: [],
    });
    expect(json["services"]).to.deep.equal([{ name: SHOP, readyEndpoints: 3 }]);
    const yaml = parse((await status("data", SHOP, "-o", "yaml")).out) as Record<string, unknown>;
    expect(Object.keys(yaml)).to.deep.equal(Object.keys(json));
    const { guards } = JSON.parse((await status("data", "-o", "json")).out) as { guards: unknown[] };
    expect(guards).to.have.lengthOf(1);
  });

  it("prints names and JSONPath templates, and leaves out headings, as kubectl does", async () => {
    await world.story("forms").given.aGoodDeployment();
    const named = await status("forms", "-o", "name");
    expect(named.out).to.equal(`rolloutguard.rolloutguard.io/${SHOP}\n`);
    const template = '{range .guards[*]}{.name}={.phase}{"\\n"}{end}';
    expect((await status("forms", "-o", `jsonpath=${template}`)).out).to.equal(`${SHOP}=Healthy\n`);
    expect((await status("forms", SHOP, "-o", "jsonpath={.running.revision}")).out).to.equal("1");
    expect((await status("forms", "--no-headers")).out).to.match(/^shop +Healthy [^\n]+\n$/);
    const wrong = await status("forms", "-o", "xml");
    expect([wrong.exitCode, wrong.out]).to.deep.equal([2, ""]);
    expect(wrong.err).to.include("-o xml: write wide, json, yaml, name, or jsonpath=");
  });

  it("lists the guards with the labels that are asked for", async () => {
    const story = world.story("labels");
    await story.given.aGoodDeployment();
    const guard = world.cluster.store.get("rolloutguards", "labels", SHOP);
    world.cluster.store.apply({
      ...guard,
      metadata: { namespace: "labels", name: "other", labels: { team: "b" } },
    } as never);
    expect((await status("labels", "-l", "team=b", "-o", "name")).out)
      .to.match(/\/other\n$/)
      .and.not.include(SHOP);
    const none = await status("labels", "-l", "team=c");
    expect([none.exitCode, none.out]).to.deep.equal([6, ""]);
    expect(none.err).to.include("namespace labels has no RolloutGuard with the labels team=c");
    expect((await status("labels", SHOP, "-l", "team=b")).exitCode).to.equal(2);
  });

  it("with -w lists a guard again whenever its state changes, until it is interrupted", async () => {
    const story = world.story("watched");
    await story.given.aGoodDeployment({ guard: { mode: "Observe" } });
    const end = Promise.withResolvers<void>();
    const lines: string[] = [];
    const watching = world.command("watched", ["status", "-w"], {
      interrupted: () => end.promise,
      onOut: (text) => lines.push(...text.trimEnd().split("\n")),
    });
    await world.eventually(
      () => `the guard is listed: ${lines.join("|")}`,
      () => lines.some((line) => /^shop +Healthy/.test(line)),
    );
    story.when.shipped({ tag: "v2", container: WRONG_PORT });
    await world.eventually(
      () => `its failure is listed: ${lines.join("|")}`,
      () => lines.some((line) => /^shop +Failing +NotReady/.test(line)),
    );
    end.resolve();
    expect((await watching).exitCode).to.equal(0);
    expect(lines.filter((line) => line.startsWith("NAME"))).to.have.lengthOf(1);
    expect(new Set(lines).size).to.equal(lines.length);
  });

  it("lists the guards of all namespaces", async () => {
    await world.story("one").given.aGoodDeployment();
    await world.story("two").given.aGoodDeployment();
    const { out } = await status("one", "-A");
    expect(out)
      .to.match(/^NAMESPACE +NAME /m)
      .and.to.match(/^one +shop /m)
      .and.to.match(/^two +shop /m);
  });

  it("shows all in wide, and says so where no Service is bound and no probe asks", async () => {
    const story = world.story("risky");
    world.cluster.store.apply(
      deploymentOf("risky", SHOP, { tag: "v1", container: { readinessProbe: undefined } }),
    );
    story.given.aGuard();
    await story.then.good("v1");
    const wide = await status("risky", "-o", "wide");
    expect(wide.out).to.match(/ TARGET +MODE +AVAILABLE +SERVICES +MESSAGE$/m);
    expect(wide.out).to.match(/ shop:v1 \(1\) .* Rollback +3\/3 +- +Revision 1/);
    const { out } = await status("risky", SHOP);
    expect(out.replace(/\s+/g, " "))
      .to.include("No container of revision 1")
      .and.to.include("has a readiness probe")
      .and.to.include("No Service is bound to the Deployment");
  });

  describe("when it cannot tell", () => {
    it("says which guard was probably meant, or that a Deployment has none", async () => {
      const story = world.story("names");
      await story.given.aGoodDeployment();
      story.given.aDeployment({ tag: "v1" }, "other");
      const mistyped = await status("names", "shpo");
      expect([mistyped.exitCode, mistyped.out]).to.deep.equal([6, ""]);
      expect(mistyped.err).to.equal(
        "error: there is no RolloutGuard shpo in namespace names; did you mean shop?\n",
      );
      expect((await status("names", "other")).err).to.include(
        "Deployment other in namespace names has no RolloutGuard",
      );
    });

    it("says what to do where nothing is guarded", async () => {
      world.story("nothing").given.aDeployment({ tag: "v1" });
      const { exitCode, err } = await status("nothing");
      expect(exitCode).to.equal(6);
      expect(err).to.include("namespace nothing has no RolloutGuard; apply one whose spec.target");
    });

    it("says that there is no such namespace", async () => {
      const { exitCode, err } = await status("nowhere");
      expect([exitCode, err]).to.deep.equal([6, "error: there is no namespace nowhere\n"]);
    });

    it("says which right is missing", async () => {
      await world.story("rights").given.aGoodDeployment();
      const message =
        'pods is forbidden: User "eve" cannot list resource "pods" in API group "" in the namespace "rights"';
      world.cluster.faults.add({
        on: { resource: "pods", userAgent: "kubectl-rolloutguard" },
        does: { answer: { code: 403, message } },
      });
      const { exitCode, out, err } = await status("rights");
      expect([exitCode, out]).to.deep.equal([3, ""]);
      expect(err).to.equal(
        "error: you have no permission to list pods in namespace rights: the ClusterRole view grants it\n",
      );
    });

    it("goes without Events where they may not be read, and says so", async () => {
      await world.story("quiet").given.aGoodDeployment();
      world.cluster.faults.add({
        on: { resource: "events", userAgent: "kubectl-" },
        does: { answer: { code: 403 } },
      });
      const { exitCode, out, err } = await status("quiet");
      expect(exitCode, err).to.equal(0);
      expect(out).to.match(/^shop +Healthy/m);
      expect(err).to.include("You have no permission to list events");
    });

    it("says that RolloutGuard is not installed", async () => {
      world.cluster.faults.add({
        on: { resource: "rolloutguards", userAgent: "kubectl-" },
        does: { answer: { code: 404 } },
      });
      expect((await status("any")).err).to.include(
        "does not serve rolloutguard.io: RolloutGuard is not installed",
      );
    });
  });
});

describe("kubectl rolloutguard status, as operators come and go", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.stop());

  it("says what is true now, marks it, and says for how long the operator has not reported it", async () => {
    const story = world.story("left");
    const operator = await world.startOperator();
    await story.given.aGoodDeployment();
    await operator.stop();
    story.when.shipped({ tag: "v2", env: { CRASH: "1" } });
    await world.eventually(
      () => "a pod crashes again and again",
      () => story.pods().some(({ status }) => (status?.containerStatuses?.[0]?.restartCount ?? 0) > 4),
    );
    // Nobody is hurt: crashes are waited for.
    await world.pass(120_000);
    const { exitCode, out, err } = await world.command("left", ["status"]);
    expect(exitCode, out).to.equal(1);
    expect(out).to.match(/^shop +(RollingBack|Failing)\* +\w+ +v2 \(2\) +v1 \(1\)/m);
    expect(err)
      .to.match(/The operator has not reported this of guard shop for \d+[ms]/)
      .and.to.match(/its last report is Healthy, since \d\d:/);
  });

  it("does not wait for an operator that only observes, and says that it does", async () => {
    const story = world.story("observed");
    await world.startOperator({ observeOnly: true });
    await story.given.aGoodDeployment();
    story.when.shipped({ tag: "v2", env: { CRASH: "1" } });
    await story.then.held("ObserveMode");
    const { out, err } = await world.command("observed", ["status", SHOP]);
    expect(err).to.equal("");
    expect(out).to.match(/^Phase +Failing: CrashLooping$/m);
    expect(out).to.include("The operator only observes: it rolls nothing back.");
  });

  it("reads it from the Lease, where there is one that nobody renews", async () => {
    const story = world.story("leased");
    world.cluster.store.apply({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "rolloutguard-system" },
    });
    const operator = await world.startOperator({
      leaderElection: true,
      leaseNamespace: "rolloutguard-system",
    });
    await story.given.aGoodDeployment();
    expect((await world.command("leased", ["status"])).err).to.equal("");
    operator.kill();
    await world.pass(60_000);
    const { err } = await world.command("leased", ["status"]);
    expect(err).to.match(
      /No operator is running: e2e\S* has not renewed the Lease rolloutguard-system\/rolloutguard for \S+, since/,
    );
  });
});
