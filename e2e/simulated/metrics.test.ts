// What Prometheus scrapes from the running operator, before and after one rollback; and its two health endpoints.
import { expect } from "chai";
import { METRICS } from "../../src/telemetry/metric-table.ts";
import { firstFares } from "../testing/interventions.ts";
import type { Operator } from "../testing/operator.ts";
import { startWorld, type World } from "../testing/world.ts";

/** Series with their labels, as "name{label=\"value\"}", and their values. */
type Scrape = ReadonlyMap<string, number>;

/** What is 1 while all is well, and no count. */
const STATES = /build_info|up_to_date/;

describe("the operator's metrics", () => {
  let world: World;
  let operator: Operator;
  let atStart: Scrape;
  let atEnd: Scrape;

  before(async () => {
    world = await startWorld();
    operator = await world.startOperator();
    const { given, when, then } = world.story("shop");
    atStart = await scrape(operator);
    await given.aGoodDeployment();
    when.shipped({ tag: "v2", env: { HEALTH: "500" } });
    await then.rolledBack();
    await world.pass(10_000);
    atEnd = await scrape(operator);
  });

  after(() => world.stop());

  it("are all there from the start, at 0", () => {
    for (const { name, labels, type } of Object.values(METRICS)) {
      const isClosed = Object.values(labels).every((label) => "values" in label);
      if (!isClosed) continue;
      const suffix = type === "histogram" ? "_count" : "";
      const series = [...atStart].filter(
        ([key]) => key === name + suffix || key.startsWith(`${name}${suffix}{`),
      );
      expect(series, name).to.not.have.lengthOf(0);
    }
    const own = [...atStart].filter(([key]) => key.startsWith("rolloutguard_") && !STATES.test(key));
    expect(own.filter(([, value]) => value !== 0)).to.deep.equal([]);
  });

  it("count one rollback as one", () => {
    const moved = [...atEnd]
      .filter(([key]) => /^rolloutguard_(incidents|rollbacks|brakes)_total/.test(key))
      .filter(([key, value]) => value !== atStart.get(key));
    expect(Object.fromEntries(moved)).to.deep.equal({
      'rolloutguard_incidents_total{reason="NotReady"}': 1,
      'rolloutguard_rollbacks_total{outcome="sent"}': 1,
      'rolloutguard_rollbacks_total{outcome="recovered"}': 1,
    });
  });

  it("tell how long it took to detect and to recover", () => {
    expect(atEnd.get("rolloutguard_detection_seconds_count")).to.equal(1);
    expect(atEnd.get("rolloutguard_detection_seconds_sum")).to.be.within(140, 170);
    expect(atEnd.get("rolloutguard_recovery_seconds_count")).to.equal(1);
    expect(atEnd.get("rolloutguard_recovery_seconds_sum")).to.be.within(0, 30);
  });

  it("show what is true now", () => {
    expect(atEnd.get('rolloutguard_ready_endpoints{namespace="shop",service="shop"}')).to.equal(3);
    expect(atEnd.get('rolloutguard_guards{phase="Healthy"}')).to.equal(1);
    expect(atEnd.get('rolloutguard_cache_objects{resource="incidents"}')).to.equal(1);
    expect(atEnd.get("workqueue_depth")).to.equal(0);
    expect(atEnd.get('controller_runtime_reconcile_total{result="success"}')).to.be.greaterThan(3);
    expect(atEnd.get('controller_runtime_reconcile_total{result="error"}')).to.equal(0);
    expect(atEnd.get('rest_client_requests_total{method="POST",code="201"}')).to.be.greaterThan(0);
  });

  it("come with a help line each", async () => {
    const page = await (await fetch(`${operator.url()}/metrics`)).text();
    for (const { name } of Object.values(METRICS)) expect(page).to.contain(`# HELP ${name} `);
  });
});

describe("the operator's counters", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.stop());

  it("count one rollback as one although every answer about it was lost", async () => {
    const operator = await world.startOperator();
    const story = world.story("shop");
    await story.given.aGoodDeployment();
    const writes = ["create incidents", "patch deployments", "patch incidents/status"];
    for (const write of writes) firstFares(story, write, { cut: "after" });
    story.when.shipped({ tag: "v2", env: { HEALTH: "500" } });
    await story.then.rolledBack();
    await world.pass(10_000);
    const moved = [...(await scrape(operator))].filter(
      ([key, value]) => /^rolloutguard_(incidents|rollbacks)_/.test(key) && value !== 0,
    );
    expect(Object.fromEntries(moved.filter(([key]) => !key.includes("conflict")))).to.deep.equal({
      'rolloutguard_incidents_total{reason="NotReady"}': 1,
      'rolloutguard_rollbacks_total{outcome="sent"}': 1,
      'rolloutguard_rollbacks_total{outcome="recovered"}': 1,
    });
  });
});

describe("the operator's health", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("is alive from the start, and ready once its caches are filled", async () => {
    let isHeld = true;
    world.cluster.onRequest(({ target, verb }) =>
      isHeld && target?.resource === "pods" && verb === "list" ? { answer: { code: 503 } } : undefined,
    );
    const operator = await world.launchOperator();
    await world.eventually(
      () => "it serves",
      () => operator.url() !== "undefined",
    );
    const unready = await eventualAnswer(`${operator.url()}/readyz`, "pods");
    expect(unready).to.deep.equal({ status: 503, body: "waiting for caches to sync: pods\n" });
    expect((await answer(`${operator.url()}/healthz`)).status).to.equal(200);
    isHeld = false;
    await operator.watching;
    expect(await answer(`${operator.url()}/readyz`)).to.deep.equal({ status: 200, body: "ok\n" });
    expect(await answer(`${operator.url()}/healthz`)).to.deep.equal({ status: 200, body: "ok\n" });
  });
});

async function answer(url: string): Promise<{ status: number; body: string }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.text() };
}

/** The answer as soon as it is only this that is missing. */
async function eventualAnswer(url: string, missing: string): Promise<{ status: number; body: string }> {
  for (;;) {
    const now = await answer(url);
    if (now.body.endsWith(`: ${missing}\n`)) return now;
  }
}

async function scrape(operator: Operator): Promise<Scrape> {
  const page = await (await fetch(`${operator.url()}/metrics`)).text();
  const lines = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const gap = line.lastIndexOf(" ");
      return [line.slice(0, gap), Number(line.slice(gap + 1))];
    }),
  );
}
