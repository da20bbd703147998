// Bad input, level three: the whole operator in a cluster full of objects that nobody should have written, beside a good guard.

import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { RecordedLine } from "../../src/controller/testing/log-recorder.ts";
import { plainText } from "../../src/domain/plain-text.ts";
import { rawUndo } from "../../src/kube/testing/raw-objects.ts";
import type { Operator } from "../testing/operator.ts";
import { guardOf, SHOP } from "../testing/shop.ts";
import type { Incident, Story } from "../testing/story.ts";
import { startWorld, type World } from "../testing/world.ts";

const AHEAD = "9999-01-01T00:00:00Z";
const NASTY = `\u001b[2J\u001b[31m\u202eevil\u200b\u0007 ${"🧨".repeat(50_000)}`;
const MANY_GUARDS = 100;

describe("bad input: the operator", () => {
  let world: World;
  let operator: Operator;
  let story: Story;
  let incident: Incident;

  /** Writes past all rules, as an older CRD without a schema, or another version of Kubernetes, would have let it. */
  function put(resource: string, name: string, object: object, namespace = "hostile"): void {
    const { store } = world.cluster;
    const { metadata, ...others } = object as { metadata?: object };
    const creationTimestamp = new Date(world.cluster.now()).toISOString();
    const uid = `hostile-${resource}-${name}`;
    store.put(resource, {
      metadata: { namespace, name, uid, creationTimestamp, generation: 1, ...metadata },
      ...others,
    } as unknown as KubeObject);
  }

  const anIncident = (hash: string, status: object) => ({
    spec: {
      guard: { name: SHOP, uid: "u" },
      target: { kind: "Deployment", name: SHOP, uid: "u" },
      failedRevision: { hash, revision: 9, images: [] },
      action: "Undo",
      reason: "CrashLooping",
      message: "by hand",
      findings: [],
      rolloutStartedAt: "2020-01-01T00:00:00Z",
      detectedAt: "2020-01-01T00:00:00Z",
    },
    status,
  });

  function fillWithHostileObjects(): void {
    const guards: Record<string, object> = {
      empty: {},
      "wrong-types": { spec: { target: 7, services: "all", checks: [] }, status: [] },
      "too-long": { spec: { target: { name: "x".repeat(300_000) }, bakeTime: "9".repeat(100_000) } },
      "no-target": { spec: { target: { name: "nobody" } } },
      vandalised: {
        spec: { target: { name: "nobody-else" } },
        status: { phase: 7, revisions: { a: 1 }, rollbacks: -3 },
      },
    };
    for (const [name, guard] of Object.entries(guards)) put("rolloutguards", name, guard);
    for (const [name, spec] of Object.entries({
      none: {},
      text: "spec",
      action: { action: "Explode" },
    }))
      put("incidents", name, { spec });
    const revision = story.history()[0]?.set.metadata;
    const status = {
      name: "app",
      ready: false,
      restartCount: 9,
      state: { waiting: { reason: "CrashLoopBackOff", message: NASTY.slice(0, 30) } },
      lastState: { terminated: { exitCode: 1, reason: "Error", message: NASTY.slice(0, 30) } },
    };
    for (let pod = 0; pod < 20; pod++) {
      put("pods", `claims-to-be-yours-${pod}`, {
        metadata: {
          annotations: { big: "x".repeat(200 * 1_024) },
          ownerReferences: [
            {
              apiVersion: "apps/v1",
              kind: "ReplicaSet",
              name: revision?.name,
              uid: revision?.uid,
              controller: true,
            },
          ],
        },
        spec: { nodeName: "elsewhere", containers: [{ name: "app", image: "x" }] },
        status: {
          phase: "Running",
          containerStatuses: Array.from({ length: pod === 0 ? 5_000 : 1 }, () => status),
        },
      });
    }
    for (let guard = 0; guard < MANY_GUARDS; guard++)
      world.cluster.store.apply(guardOf("crowd", SHOP, `guard-${guard}`));
  }

  before(async () => {
    world = await startWorld();
    operator = await world.startOperator({ resyncIntervalMs: 20_000 });
    story = world.story("shop");
    await story.given.aGoodDeployment({ guard: { services: [SHOP, "missing"] } });
    world.cluster.store.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "hostile" } });
    fillWithHostileObjects();
    // About the good guard's Deployment: one that cannot be read, and a rollback that was never made.
    put("incidents", "nonsense", { spec: { target: { name: SHOP } } }, "shop");
    const steps = [rawUndo(SHOP, { from: "gone", to: "nowhere", startedAt: AHEAD })];
    put(
      "incidents",
      "by-hand",
      anIncident("gone", { phase: "Recovered", message: NASTY, timeline: [], steps }),
      "shop",
    );
    const guard = world.cluster.store.get("rolloutguards", "shop", SHOP);
    const conditions = Array.from({ length: 8 }, (_, index) => ({
      type: `Other${index}`,
      status: "True",
      lastTransitionTime: "2020-01-01T00:00:00Z",
      reason: "ByHand",
      message: "",
    }));
    const since = { ...(guard?.status as { current?: object } | undefined)?.current, since: AHEAD };
    world.cluster.store.put("rolloutguards", {
      ...guard,
      status: { ...(guard?.status as object), current: since, conditions, incidents: -4 },
    } as KubeObject);
    await world.pass(10_000);
    // Somebody takes the name that the Incident of the next rollout would get.
    let isTaken = false;
    const stop = world.cluster.store.subscribe("replicasets", ({ type, object }) => {
      if (type !== "ADDED" || object.metadata.namespace !== "shop" || isTaken) return;
      isTaken = true;
      const { name } = object.metadata;
      setImmediate(() => put("incidents", name, { spec: { target: { name: "somebody-else" } } }, "shop"));
    });
    story.when.shipped({ tag: "v2", env: { HEALTH: "500" } });
    await world.pass(5_000);
    stop();
    for (const { metadata } of story.pods()) {
      put(
        "events",
        `nasty-${metadata.name}`,
        {
          type: "Warning",
          reason: "Unhealthy",
          message: `Readiness probe failed: ${NASTY}`,
          involvedObject: { kind: "Pod", namespace: "shop", name: metadata.name, uid: metadata.uid },
          lastTimestamp: new Date(world.cluster.now()).toISOString(),
        },
        "shop",
      );
    }
    incident = await world.eventually(
      () => `the rollback of the good guard: ${JSON.stringify(story.incidents())}`,
      () =>
        story
          .incidents()
          .find(({ phase, spec }) => phase === "Recovered" && spec?.failedRevision?.revision === 2),
    );
    for (let time = 0; time < 4; time++) {
      await world.pass(40_000);
      world.cluster.expireResourceVersions();
      world.cluster.cutWatches();
    }
    await world.pass(20_000);
  });

  after(() => world.stop());

  const complaints = (): readonly RecordedLine[] =>
    operator.lines.filter(({ level }) => level === "warn" || level === "error");

  it("rolls back beside them, once, under a name that is free", () => {
    expect(incident.name).to.match(/-2$/);
    expect(world.ledger.acceptedRollbacks()).to.have.lengthOf(1);
    expect(story.deployment().spec.template.spec.containers[0]?.image).to.equal(`${SHOP}:v1`);
    expect(story.readyEndpoints()).to.equal(3);
  });

  it("says what is wrong with an object once, not with each list, resync or pass", () => {
    const reported = complaints().filter(({ message }) => message.startsWith("an object cannot be read"));
    const objects = reported.map(({ fields }) => `${String(fields["resource"])} ${String(fields["object"])}`);
    expect(objects.toSorted()).to.deep.equal([
      "incidents hostile/action",
      "incidents hostile/none",
      "incidents hostile/text",
      "incidents shop/by-hand",
      "incidents shop/nonsense",
      `incidents shop/${incident.name.slice(0, -2)}`,
      "rolloutguards hostile/vandalised",
      `rolloutguards shop/${SHOP}`,
    ]);
  });

  it("tells once that the API server takes no status of a guard whose spec its schema refuses", () => {
    const refused = complaints().filter(({ message }) => message.startsWith("cannot update the status"));
    const names = refused.map(({ message }) => /rolloutguards\/(\S+)\/status: 422/.exec(message)?.[1]);
    expect(names).to.have.members(["empty", "too-long", "wrong-types"]);
    for (const { message } of refused) expect(message.length).to.be.lessThan(2_000);
  });

  it("has nothing else to complain about but the watches that were cut", () => {
    // On a busy machine a cut can last for longer than a minute of the cluster.
    const expected =
      /^an object cannot be read|^Reading \w+ in|^no current data for a minute|^cannot update the status of the guard/;
    const others = complaints().filter(({ message }) => !expected.test(message));
    expect(others.map(({ message }) => message).join("\n")).to.equal("");
  });

  it("comes to rest: no status is written again and again", () => {
    const writes = world.cluster.requests
      .all()
      .filter(({ verb, namespace, status }) => verb === "patch" && namespace !== "shop" && status === 200);
    const names = writes.map(({ namespace, name }) => `${namespace}/${name}`);
    for (const name of new Set(names))
      expect(names.filter((each) => each === name).length, name).to.be.at.most(2);
    expect(new Set(names).size).to.be.greaterThan(MANY_GUARDS);
  });

  it("says at the guard itself what is wrong with it: in its conditions, and where none are taken by an Event", () => {
    const { store } = world.cluster;
    const readyOf = (namespace: string, name: string) => {
      const status = store.get("rolloutguards", namespace, name)?.status as
        | { conditions?: { type: string; status: string; reason: string; message: string }[] }
        | undefined;
      return status?.conditions?.find(({ type }) => type === "Ready");
    };
    for (const name of ["no-target", "vandalised"])
      expect(readyOf("hostile", name), name).to.include({ status: "False", reason: "TargetNotFound" });
    const own = readyOf("shop", SHOP);
    expect(own).to.include({ status: "True" });
    expect(own?.message).to.include("spec.services lists Services that do not exist: missing");
    expect(own?.message).to.match(/Incidents that it cannot read; you can delete them: nonsense/);
    const events = store.list("events", "hostile") as unknown as readonly {
      reason: string;
      involvedObject: { name: string };
    }[];
    const reported = events
      .filter(({ reason }) => reason === "InvalidSpec")
      .map((each) => each.involvedObject.name);
    expect(reported.toSorted()).to.deep.equal(["empty", "too-long", "wrong-types"]);
  });

  it("writes texts that anybody can show: bounded, valid, without control characters", () => {
    const { store } = world.cluster;
    const written = JSON.stringify([incident.spec, incident.status]);
    expect(written).to.include("Readiness probe failed: �evil");
    expect(Buffer.byteLength(written)).to.be.lessThan(100 * 1_024);
    const texts: string[] = [incident.spec.message, incident.status?.message ?? ""];
    for (const { evidence, message } of incident.spec.findings) texts.push(message, ...evidence);
    for (const event of store.list("events")) {
      const { source, message } = event as unknown as { source?: { component?: string }; message: string };
      if (source?.component !== "rolloutguard") continue;
      expect(Buffer.byteLength(message)).to.be.at.most(1_024);
      texts.push(message);
    }
    expect(texts.length).to.be.greaterThan(5);
    for (const text of texts) expect(text).to.equal(plainText(text));
  });

  it("is alive and ready, and its metrics can be read", async () => {
    for (const path of ["/healthz", "/readyz"])
      expect((await fetch(operator.url() + path)).status, path).to.equal(200);
    const body = await (await fetch(`${operator.url()}/metrics`)).text();
    for (const line of body.split("\n").filter((each) => each !== "" && !each.startsWith("#"))) {
      expect(line).to.match(/^[a-z_][a-z0-9_]*(\{.*\})? \S+$/);
      expect(line.length).to.be.lessThan(1_000);
    }
  });
});
