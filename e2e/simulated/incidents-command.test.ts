// `kubectl rolloutguard incidents` and `postmortem`: what they tell of releases that failed.
import { expect } from "chai";
import { parse } from "yaml";
import { READINESS, SHOP } from "../testing/shop.ts";
import { startWorld, type World } from "../testing/world.ts";

const WRONG_PORT = {
  ports: [{ containerPort: 80 }],
  readinessProbe: { ...READINESS, httpGet: { path: "/healthz", port: 80 } },
};

describe("kubectl rolloutguard incidents and postmortem", () => {
  let world: World;

  before(async () => {
    world = await startWorld();
    await world.startOperator();
  });

  after(() => world.stop());

  it("tell of a rollback what failed, why, what was done, that it is over, and what to change", async () => {
    const story = world.story("port");
    await story.given.aGoodDeployment();
    story.when.shipped({ tag: "v2", container: WRONG_PORT });
    const { name } = await story.then.rolledBack();
    const list = await world.command("port", ["incidents"]);
    expect([list.exitCode, list.err]).to.deep.equal([0, ""]);
    expect(list.out).to.match(
      new RegExp(`^${name} +Recovered +NotReady +ProbePortNotServed +v2 → v1 +\\S+ +\\S+`, "m"),
    );
    const { out } = await world.command("port", ["incidents", name], { columns: 200 });
    expect(out).to.match(/^Summary +shop:v2, revision 2 \(\w+\) of Deployment shop failed, NotReady: /m);
    expect(out).to.match(/^Cause +ProbePortNotServed \(Certain\): /m);
    expect(out).to.match(/^Action taken +rolled back to shop:v1, revision 1 \(\w+\) at /m);
    expect(out).to.match(/^Resolved\? +Yes, recovered at /m);
    expect(out).to.match(/^ +kubectl patch deployment shop -n port .*"port":8080/m);
    expect(out).to.include("- container app: ports 8080 → 80");
    expect(out).to.include(`kubectl rolloutguard postmortem ${name} -n port`);
    const written = await world.command("port", ["postmortem", name]);
    expect([written.exitCode, written.err]).to.deep.equal([0, ""]);
    expect(written.out).to.match(/^# Incident post-mortem: shop v2$/m);
    expect(written.out).to.match(
      /^- \*\*Impact:\*\* (No Service lost|\d+ endpoint-seconds).* _to be filled in: /m,
    );
    expect(written.out).to.match(/^- \d\d:\d\d:\d\d - Recovered: /m);
    expect(written.out).to.include("`kubectl rolloutguard lint` finds this (`probe-port`)");
    expect(written.out).to.match(/^- \[ \] Point the readiness probe .*\n {2}```sh\n {2}kubectl patch /m);
  });

  it("say of a release that is held that it is not over, and how to have the one before back", async () => {
    const story = world.story("held");
    await story.given.aGoodDeployment({ guard: { mode: "Observe" } });
    story.when.shipped({ tag: "v2", labels: { app: SHOP } });
    const { name } = await story.then.held("ObserveMode");
    const { out } = await world.command("held", ["incidents", name], { columns: 200 });
    expect(out).to.match(/^Action taken +none, ObserveMode: /m);
    expect(out).to.match(/^Resolved\? +No\. Held for /m);
    expect(out).to.include("kubectl rolloutguard rollback shop -n held");
    const written = await world.command("held", ["postmortem", name]);
    expect(written.out).to.include("> The Incident is still open: it is Held.");
    expect(written.out).to.include("No rollback, `ObserveMode`");
  });

  it("give the Incident itself as data, and a List of several", async () => {
    const json = JSON.parse((await world.command("port", ["incidents", "-o", "json"])).out) as {
      kind: string;
      items: { kind: string; metadata: { name: string } }[];
    };
    expect([json.kind, json.items.length, json.items[0]?.kind]).to.deep.equal(["List", 1, "Incident"]);
    const name = json.items[0]?.metadata.name ?? "";
    const one = parse((await world.command("port", ["incidents", name, "-o", "yaml"])).out) as object;
    expect(one).to.deep.equal(json.items[0]);
  });

  it("tell of Incidents of versions that knew less, and leave out what is none", async () => {
    const spec = {
      guard: { name: SHOP, uid: "u" },
      target: { kind: "Deployment", name: SHOP, uid: "u" },
      failedRevision: { hash: "old", revision: 2, images: ["shop:\u001b[31mv2"] },
      action: "None",
      reason: "NotReady",
      message: "3 of 3 pods did not become ready",
      findings: [],
      rolloutStartedAt: "2026-01-01T10:00:00.000Z",
      detectedAt: "2026-01-01T10:01:00.000Z",
    };
    const incident = { apiVersion: "rolloutguard.io/v1alpha1", kind: "Incident" };
    world.cluster.store.apply({ ...incident, metadata: { namespace: "old", name: "old" }, spec } as never);
    const list = await world.command("old", ["incidents"]);
    expect(list.out).to.match(/^old +Held +NotReady +- +v2 → - +\d+d +open$/m);
    const { exitCode, out } = await world.command("old", ["incidents", "old"]);
    expect(exitCode).to.equal(0);
    expect(out).to.match(/^Cause +not recorded/m);
    expect(out).not.to.include("\u001b");
    const written = await world.command("old", ["postmortem", "old"]);
    expect(written.out).to.match(/^- \*\*Root cause:\*\* _to be filled in: /m);
    expect(written.out)
      .to.match(/^- 10:00:00 - RolloutStarted: /m)
      .and.to.match(/^- 10:01:00 - Detected: /m);
  });

  it("take the name of a Deployment for its newest Incident", async () => {
    const name = world.story("port").incidents()[0]?.name ?? "";
    for (const command of ["incidents", "postmortem"]) {
      const [byName, byDeployment] = await Promise.all(
        [name, `deployment/${SHOP}`].map((argument) => world.command("port", [command, argument])),
      );
      expect(byDeployment?.exitCode).to.equal(0);
      expect(byDeployment?.out.split("\n")[0]).to.equal(byName?.out.split("\n")[0]);
    }
  });

  it("print names and templates, those with labels, and leave out headings", async () => {
    const name = world.story("port").incidents()[0]?.name ?? "";
    const incidents = async (...args: readonly string[]) =>
      (await world.command("port", ["incidents", ...args])).out;
    expect(await incidents("-o", "name")).to.equal(`incident.rolloutguard.io/${name}\n`);
    expect(await incidents("-o", "jsonpath={.items[*].status.phase}")).to.equal("Recovered");
    expect(await incidents(SHOP, "-o", "jsonpath={.metadata.name}")).to.equal(name);
    expect(await incidents("--no-headers")).to.match(new RegExp(`^${name} +Recovered [^\\n]+\\n$`));
    expect((await world.command("port", ["incidents", "-l", "no=such"])).err).to.equal(
      "No Incidents with the labels no=such found in namespace port.\n",
    );
  });

  it("are listed with -w when they are opened, and when their phase changes", async () => {
    const story = world.story("watched");
    await story.given.aGoodDeployment();
    const end = Promise.withResolvers<void>();
    const lines: string[] = [];
    const watching = world.command("watched", ["incidents", "-w"], {
      interrupted: () => end.promise,
      onOut: (text) => lines.push(...text.trimEnd().split("\n")),
    });
    story.when.shipped({ tag: "v2", container: WRONG_PORT });
    await world.eventually(
      () => `the end is listed: ${lines.join("|")}`,
      () => lines.some((line) => / Recovered /.test(line)),
    );
    end.resolve();
    expect((await watching).exitCode).to.equal(0);
    expect(lines[0]).to.match(/^NAME +PHASE/);
  });

  it("say which Incidents there are when none has the name", async () => {
    const name = world.story("port").incidents()[0]?.name ?? "";
    for (const command of ["incidents", "postmortem"]) {
      const { exitCode, err } = await world.command("port", [command, `${name.slice(0, -1)}`]);
      expect([exitCode, err]).to.deep.equal([
        6,
        `error: there is no Incident ${name.slice(0, -1)} in namespace port; did you mean ${name}?\n`,
      ]);
      expect((await world.command("port", [command, "x"])).err).to.include(`there are ${name}, ${SHOP}`);
      expect((await world.command("nowhere", [command, "x"])).err).to.equal(
        "error: there is no namespace nowhere\n",
      );
    }
    const none = await world.command("nowhere", ["incidents"]);
    expect([none.exitCode, none.out, none.err]).to.deep.equal([
      6,
      "",
      "error: there is no namespace nowhere\n",
    ]);
  });

  it("ask for what they need, and for one namespace at a time", async () => {
    expect((await world.command("port", ["postmortem"])).exitCode).to.equal(2);
    expect((await world.command("port", ["incidents", "x", "-A"])).exitCode).to.equal(2);
    expect((await world.command("port", ["status", "x", "-A"])).exitCode).to.equal(2);
  });
});
