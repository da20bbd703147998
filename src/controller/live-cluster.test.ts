import { expect } from "chai";
import type { Change, RestoreTemplate } from "../domain/effects/change.ts";
import {
  deleteIncidentEffect,
  eventEffect,
  handOverEffect,
  openIncidentEffect,
  updateIncidentEffect,
} from "../domain/effects/effect.ts";
import { anIncident } from "../domain/testing/an-incident.ts";
import { Caches } from "../kube/caches/caches.ts";
import type { ApiClient } from "../kube/connection/api-client.ts";
import { ApiError, ConflictError, RefusedError } from "../kube/connection/api-error.ts";
import { asObject, type RawObject } from "../kube/objects.ts";
import { rawDeployment, rawGuard, rawReplicaSet, rawTemplate } from "../kube/testing/raw-objects.ts";
import { SafetyStopError } from "../kube/writes/safety-stop.ts";
import { createLiveCluster } from "./live-cluster.ts";

const KEY = "shop/checkout/Deployment/checkout";
const NOW = Date.parse("2026-03-02T09:00:00Z");
const { name: INCIDENT, spec: SPEC } = anIncident();
const OPENED = openIncidentEffect(INCIDENT, SPEC);

const CHANGE: RestoreTemplate = {
  do: "restoreTemplate",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "uid-checkout", generation: 7 },
  from: { hash: "bbbb", revision: 2 },
  to: {
    hash: "aaaa",
    revision: 1,
    source: { kind: "ReplicaSet", name: "checkout-aaaa", uid: "uid-of-checkout-aaaa" },
  },
  incident: INCIDENT,
};

/** The live cluster over caches with a guard and its Deployment, and over a client that answers as told. */
function aCluster(answers: Partial<ApiClient>) {
  const unexpected = () => Promise.reject(new Error("not expected"));
  const client = {
    get: unexpected,
    getText: unexpected,
    create: unexpected,
    replace: unexpected,
    jsonPatch: unexpected,
    remove: unexpected,
    watch: unexpected,
    reserveWatch: () => ({ canWatch: () => true, release: () => {} }),
    ...answers,
  };
  const caches = new Caches();
  caches.apply("rolloutguards", "ADDED", rawGuard("checkout", "checkout"), NOW);
  caches.apply("deployments", "ADDED", rawDeployment("checkout"), NOW);
  const published: string[] = [];
  const cluster = createLiveCluster({
    client,
    caches,
    endpoints: "endpointslices",
    events: {
      publish: async ({ kind, name, uid }) => {
        published.push(`${kind} ${name} ${uid}`);
        return "sent";
      },
    },
    clock: { now: () => NOW },
    observeOnly: false,
  });
  const snapshot = cluster.observe(KEY);
  if (!snapshot) throw new Error("the guard is not in the caches");
  return { cluster, caches, published, snapshot };
}

/** As the API server answers: the body with what it adds. */
function stored(body: RawObject, resourceVersion: string): RawObject {
  return { ...body, metadata: { ...asObject(body["metadata"]), uid: "uid-of-incident", resourceVersion } };
}

describe("createLiveCluster", () => {
  it("shows an Incident that it opened before the watch tells of it", async () => {
    const { cluster, snapshot } = aCluster({ create: async (_path, body) => stored(body, "200") });
    await cluster.record(snapshot, OPENED);
    expect(cluster.observe(KEY)?.incidents.map(({ name }) => name)).to.deep.equal([INCIDENT]);
  });

  it("hands fields over as the API server has them now, and knows at once that it is done", async () => {
    const fieldsV1 = { "f:spec": { "f:template": { "f:spec": { "f:dnsPolicy": {} } } } };
    const entry = (manager: string, operation: string) => ({
      manager,
      operation,
      apiVersion: "apps/v1",
      fieldsV1,
    });
    const owned = (resourceVersion: string, ...managedFields: readonly object[]) =>
      rawDeployment("checkout", { metadata: { resourceVersion, managedFields } });
    const [helm, own] = [entry("helm", "Apply"), entry("rolloutguard", "Update")];
    const { cluster, caches, snapshot } = aCluster({
      get: async () => owned("102", helm, own),
      jsonPatch: async () => owned("103", helm),
    });
    caches.apply("deployments", "MODIFIED", owned("101", helm, own), NOW);
    expect(cluster.observe(KEY)?.workload?.blocksNextApply).to.equal(true);
    await cluster.record(snapshot, handOverEffect());
    expect(cluster.observe(KEY)?.workload?.blocksNextApply).to.equal(undefined);
  });

  it("takes the Incident of that name that it finds for its own when it opened it before", async () => {
    const { cluster, snapshot } = aCluster({
      create: () => Promise.reject(new ApiError("POST", 409, { reason: "AlreadyExists" })),
      get: async () => stored({ metadata: { namespace: "shop", name: INCIDENT }, spec: SPEC }, "150"),
    });
    await cluster.record(snapshot, OPENED);
    expect(cluster.observe(KEY)?.incidents).to.have.length(1);
  });

  it("decides anew on the Incident of that name that an earlier pass had opened", async () => {
    const earlier = { ...SPEC, detectedAt: "2026-01-01T00:00:00.000Z" };
    const { cluster, snapshot } = aCluster({
      create: () => Promise.reject(new ApiError("POST", 409, { reason: "AlreadyExists" })),
      get: async () => stored({ metadata: { namespace: "shop", name: INCIDENT }, spec: earlier }, "150"),
    });
    const failure: unknown = await cluster.record(snapshot, OPENED).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(ConflictError);
    expect(cluster.observe(KEY)?.incidents).to.have.length(1);
  });

  it("writes a status only onto the version of the Incident that is known", async () => {
    const patches: unknown[] = [];
    const { cluster, snapshot } = aCluster({
      create: async (_path, body) => stored(body, "200"),
      jsonPatch: async (_path, operations) => {
        patches.push(operations[0]);
        const status = operations.at(-1);
        return stored(
          {
            metadata: { namespace: "shop", name: INCIDENT },
            spec: SPEC,
            status: status && "value" in status ? status.value : undefined,
          },
          "201",
        );
      },
    });
    await cluster.record(snapshot, OPENED);
    await cluster.record(
      snapshot,
      updateIncidentEffect(INCIDENT, { phase: "Verifying", message: "waiting", timeline: [] }),
    );
    expect(patches).to.deep.equal([{ op: "test", path: "/metadata/resourceVersion", value: "200" }]);
    expect(cluster.observe(KEY)?.incidents[0]?.status?.phase).to.equal("Verifying");
  });

  it("does not show an Incident that it deleted", async () => {
    const { cluster, snapshot } = aCluster({
      create: async (_path, body) => stored(body, "200"),
      remove: async () => {},
    });
    await cluster.record(snapshot, OPENED);
    await cluster.record(snapshot, deleteIncidentEffect(INCIDENT));
    expect(cluster.observe(KEY)?.incidents).to.deep.equal([]);
  });

  it("sees live what the watch has not brought yet, and shows the rollback at once", async () => {
    const scaled = rawDeployment("checkout", {
      metadata: { generation: 7, resourceVersion: "300" },
      spec: { template: rawTemplate("checkout", "shop/app:2") },
    });
    const good = rawReplicaSet("checkout", "aaaa");
    const { cluster } = aCluster({
      get: async (path) => (path.includes("replicasets") ? { items: [good] } : scaled),
      jsonPatch: async () =>
        rawDeployment("checkout", { metadata: { generation: 8, resourceVersion: "301" } }),
    });
    const live = await cluster.observeLive(KEY, []);
    expect(live?.snapshot.workload?.generation).to.equal(7);
    expect(live?.snapshot.revisions.map(({ hash }) => hash)).to.deep.equal(["aaaa"]);
    await live?.change(CHANGE);
    const after = cluster.observe(KEY);
    expect(after?.workload?.generation).to.equal(8);
    expect(after?.workload?.templateKey).to.equal(after?.revisions[0]?.templateKey);
  });

  it("sends no more than six rollbacks of a Deployment within an hour, and shows that it stopped", async () => {
    let patches = 0;
    const good = rawReplicaSet("checkout", "aaaa");
    const { cluster } = aCluster({
      get: async (path) => (path.includes("replicasets") ? { items: [good] } : rawDeployment("checkout")),
      jsonPatch: async () => {
        patches += 1;
        return rawDeployment("checkout");
      },
    });
    const change: RestoreTemplate = {
      do: "restoreTemplate",
      on: { kind: "Deployment", name: "checkout" },
      expect: { uid: "uid-checkout", generation: 1 },
      from: { hash: "bbbb", revision: 2 },
      to: { hash: "aaaa", revision: 1, source: { kind: "ReplicaSet", name: "checkout-aaaa", uid: "uid-1" } },
      incident: INCIDENT,
    };
    for (let tries = 0; tries < 9; tries++) {
      const live = await cluster.observeLive(KEY, []);
      const failure: unknown = await live?.change(change).then(
        () => undefined,
        (error: unknown) => error,
      );
      expect(failure instanceof SafetyStopError, `try ${tries + 1}`).to.equal(tries >= 6);
    }
    expect(patches).to.equal(6);
    expect(cluster.observe(KEY)?.surroundings.stoppedUntilAt).to.equal(NOW + 3_600_000);
  });

  it("remembers a rollback that the API server refuses, without values of the pods, until one is accepted", async () => {
    const secret = "correct-horse-battery";
    const env = [{ name: "DSN", value: secret }];
    const template = rawTemplate("checkout", "shop/app:2");
    const withValue = { ...template, spec: { containers: [{ name: "app", image: "shop/app:2", env }] } };
    const read = rawDeployment("checkout", { metadata: { generation: 7, resourceVersion: "300" } });
    const refusals = [
      new ApiError("PATCH", 403, { message: `denied the request: DSN=${secret}, and no Fridays` }),
    ];
    const { cluster, caches } = aCluster({
      get: async (path) =>
        path.includes("replicasets") ? { items: [rawReplicaSet("checkout", "aaaa")] } : read,
      jsonPatch: async () => {
        const refusal = refusals.pop();
        if (refusal) throw refusal;
        return rawDeployment("checkout", { metadata: { generation: 8, resourceVersion: "301" } });
      },
    });
    caches.apply(
      "replicasets",
      "ADDED",
      rawReplicaSet("checkout", "bbbb", { spec: { template: withValue } }),
      NOW,
    );
    const refused: unknown = await (await cluster.observeLive(KEY, []))
      ?.change(CHANGE)
      .catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(RefusedError);
    const { refusal } = cluster.observe(KEY)?.surroundings ?? {};
    expect(refusal).to.include({ uid: "uid-checkout", from: "bbbb", to: "aaaa" });
    expect(refusal?.why).to.contain("no Fridays").and.not.contain(secret);
    await (await cluster.observeLive(KEY, []))?.change(CHANGE);
    expect(cluster.observe(KEY)?.surroundings.refusal).to.equal(undefined);
  });

  it("remembers a pause or resume that is refused apart from rollbacks, until a change is accepted", async () => {
    const read = rawDeployment("checkout", { metadata: { generation: 7, resourceVersion: "300" } });
    let refuses = true;
    const { cluster } = aCluster({
      get: async (path) =>
        path.includes("replicasets") ? { items: [rawReplicaSet("checkout", "aaaa")] } : read,
      jsonPatch: async () => {
        if (refuses) throw new ApiError("PATCH", 403, { message: "exceeded quota: writes" });
        return read;
      },
    });
    const { on, expect: expected } = CHANGE;
    const resume = { do: "resumeRollout", on, expect: expected, why: { revision: "bbbb" } } as const;
    const send = async (change: Change) => {
      const live = await cluster.observeLive(KEY, []);
      return live?.change(change).catch((error: unknown) => error);
    };
    for (const accepted of [resume, CHANGE]) {
      refuses = true;
      expect(await send(resume)).to.be.instanceOf(RefusedError);
      const { refusal, refusedPause } = cluster.observe(KEY)?.surroundings ?? {};
      expect(refusal).to.equal(undefined);
      expect(refusedPause).to.include({
        uid: "uid-checkout",
        generation: 7,
        do: "resumeRollout",
        of: "bbbb",
      });
      expect(refusedPause?.why).to.contain("exceeded quota");
      expect(refusedPause?.retryAt).to.be.greaterThan(NOW);
      refuses = false;
      await send(accepted);
      expect(cluster.observe(KEY)?.surroundings.refusedPause).to.equal(undefined);
    }
  });

  it("publishes Events on the guard and on its Deployment", async () => {
    const { cluster, snapshot, published } = aCluster({});
    const event = { type: "Normal", reason: "Recovered", message: "Service is restored." } as const;
    await cluster.notify(snapshot, eventEffect({ on: "RolloutGuard", ...event }));
    await cluster.notify(snapshot, eventEffect({ on: "Workload", ...event }));
    await cluster.notify({ ...snapshot, workload: undefined }, eventEffect({ on: "Workload", ...event }));
    expect(published).to.deep.equal([
      "RolloutGuard checkout uid-checkout",
      "Deployment checkout uid-checkout",
    ]);
  });
});
