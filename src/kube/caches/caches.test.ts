import { expect } from "chai";
import type { RawObject } from "../objects.ts";
import { observe } from "../observe.ts";
import type { ReconcileKey } from "../reconcile-key.ts";
import type { ResourceName } from "../resources.ts";
import {
  atVersion,
  CREATED_AT,
  NAMESPACE,
  rawDeployment,
  rawEvent,
  rawGuard,
  rawIncident,
  rawPod,
  rawReplicaSet,
  rawService,
  rawSlice,
} from "../testing/raw-objects.ts";
import { Caches } from "./caches.ts";

const KEY: ReconcileKey = "shop/guard/Deployment/web";

/** Caches with the objects in them, and the keys announced since. */
function filled(...objects: readonly (readonly [ResourceName, RawObject])[]) {
  const caches = new Caches();
  const announced: string[] = [];
  caches.onChange((key) => announced.push(key));
  const put = (resource: ResourceName, object: RawObject, atSecond = 0) => {
    caches.apply(resource, "MODIFIED", object, CREATED_AT + atSecond * 1_000);
    return announced.splice(0);
  };
  for (const [resource, object] of objects) put(resource, object);
  const serviceAt = () => observe(caches, KEY, { observeOnly: false })?.services[0];
  return { caches, put, serviceAt };
}

const WORLD: readonly (readonly [ResourceName, RawObject])[] = [
  ["rolloutguards", rawGuard("guard", "web")],
  ["deployments", rawDeployment("web")],
  ["replicasets", rawReplicaSet("web", "a")],
  ["pods", rawPod("web-a-1", "web-a")],
  ["services", rawService("web", { app: "web" })],
  ["endpointslices", rawSlice("web", ["web-a-1"])],
];

describe("Caches.onChange", () => {
  it("tells the guard of whatever belongs to its Deployment", () => {
    const { put } = filled(...WORLD);
    expect(put("deployments", rawDeployment("web", { spec: { replicas: 2 } }))).to.deep.equal([KEY]);
    expect(put("replicasets", rawReplicaSet("web", "b"))).to.deep.equal([KEY]);
    expect(put("pods", rawPod("web-a-2", "web-a"))).to.deep.equal([KEY]);
    expect(put("endpointslices", rawSlice("web", []))).to.deep.equal([KEY]);
    expect(put("services", rawService("web", { app: "web", tier: "x" })), "it left").to.deep.equal([KEY]);
    expect(put("events", rawEvent("e1", "Pod", "web-a-1"))).to.deep.equal([KEY]);
    expect(put("events", rawEvent("e2", "ReplicaSet", "web-a"))).to.deep.equal([KEY]);
    expect(put("events", rawEvent("e3", "Deployment", "web"))).to.deep.equal([KEY]);
    expect(put("incidents", rawIncident("i", "web"))).to.deep.equal([KEY]);
  });

  it("tells nobody of what belongs to others", () => {
    const { put } = filled(...WORLD);
    const others: readonly (readonly [ResourceName, RawObject])[] = [
      ["deployments", rawDeployment("other")],
      ["replicasets", rawReplicaSet("other", "a")],
      ["pods", rawPod("other-a-1", "other-a")],
      ["services", rawService("other", { app: "other" })],
      ["endpointslices", rawSlice("other", ["other-a-1"])],
      ["events", rawEvent("e", "Pod", "other-a-1")],
      ["incidents", rawIncident("i", "other")],
    ];
    for (const [resource, object] of others) expect(put(resource, object), resource).to.deep.equal([]);
  });

  it("tells nobody of churn in what is not projected", () => {
    const { put } = filled(...WORLD);
    for (const [resource, object] of WORLD) {
      const metadata = {
        ...(object.metadata as object),
        resourceVersion: "200",
        managedFields: [{ manager: "x" }],
      };
      expect(put(resource, { ...object, metadata }), resource).to.deep.equal([]);
    }
    const annotated = rawDeployment("web", { metadata: { annotations: { "example.com/sync": "12" } } });
    expect(put("deployments", annotated)).to.deep.equal([]);
  });

  it("tells every guard of the target when one of them comes or goes, for one of them has precedence", () => {
    const { caches, put } = filled(...WORLD);
    expect(put("rolloutguards", rawGuard("another", "web"))).to.have.members([
      KEY,
      "shop/another/Deployment/web",
    ]);
    expect(observe(caches, KEY, { observeOnly: false })?.guard.olderGuard).to.equal("another");
    const announced: string[] = [];
    caches.onChange((key) => announced.push(key));
    caches.apply("rolloutguards", "DELETED", rawGuard("another", "web"), CREATED_AT);
    expect(announced).to.have.members([KEY, "shop/another/Deployment/web"]);
    expect(observe(caches, "shop/another/Deployment/web", { observeOnly: false })).to.equal(undefined);
  });

  it("announces both keys of a guard whose target was changed, of which only the present one is observed", () => {
    const { caches, put } = filled(...WORLD);
    const moved = atVersion(rawGuard("guard", "api"), "200");
    expect(put("rolloutguards", moved)).to.have.members([KEY, "shop/guard/Deployment/api"]);
    expect([caches.has(KEY), caches.has("shop/guard/Deployment/api")]).to.deep.equal([false, true]);
    expect(observe(caches, KEY, { observeOnly: false })).to.equal(undefined);
    expect(caches.reconcileKeys()).to.deep.equal(["shop/guard/Deployment/api"]);
  });

  it("announces a guard once for a whole list", () => {
    const { caches } = filled(...WORLD);
    const announced: string[] = [];
    caches.onChange((key) => announced.push(key));
    const list = caches.sinkFor("pods").beginReplace();
    for (const name of ["p1", "p2", "p3"]) list.add(rawPod(name, "web-a"), CREATED_AT);
    expect(announced).to.deep.equal([]);
    list.commit(CREATED_AT, "100");
    expect(announced).to.deep.equal([KEY]);
  });

  it("binds a Service by the labels of any revision, so that it stays bound when a release loses the label", () => {
    const { put, serviceAt } = filled(...WORLD.slice(0, 2), [
      "replicasets",
      rawReplicaSet("web", "old", {
        spec: { template: { metadata: { labels: { app: "web", tier: "backend" } } } },
      }),
    ]);
    expect(put("services", rawService("web", { tier: "backend" }))).to.deep.equal([KEY]);
    put("replicasets", rawReplicaSet("web", "new"));
    expect(serviceAt()?.name).to.equal("web");
  });

  it("binds at most fifty: first those that it names or remembers, then the first by name", () => {
    const { caches, put } = filled(...WORLD.slice(0, 3));
    put(
      "rolloutguards",
      rawGuard("guard", "web", {
        spec: { services: ["z-named"] },
        status: { services: [{ name: "y-remembered", endpoints: 1 }] },
      }),
    );
    for (let index = 199; index >= 0; index--)
      put("services", rawService(`s-${String(index).padStart(3, "0")}`, { app: "web" }));
    for (const name of ["z-named", "y-remembered"]) put("services", rawService(name, { app: "web" }));
    const bound = [...caches.contents.bindings.servicesOf(KEY)];
    expect(bound).to.have.lengthOf(50);
    expect(bound).to.include.members(["z-named", "y-remembered", "s-000", "s-047"]);
    put("services", { ...rawService("s-000", { app: "other" }) });
    expect([...caches.contents.bindings.servicesOf(KEY)]).to.include("s-048");
  });

  it("binds the Services that a guard names or remembers", () => {
    const { caches, put } = filled(
      ["services", rawService("named", { app: "x" })],
      ["services", rawService("remembered", { app: "y" })],
    );
    put(
      "rolloutguards",
      rawGuard("guard", "web", {
        spec: { services: ["named", "absent"] },
        status: { services: [{ name: "remembered", endpoints: 1 }] },
      }),
    );
    const names = observe(caches, KEY, { observeOnly: false })?.services.map(({ name }) => name);
    expect(names).to.deep.equal(["named", "remembered"]);
    expect(put("services", rawService("absent", { app: "z" }))).to.deep.equal([KEY]);
    expect([...caches.serviceEndpoints()].map(({ service }) => service)).to.have.members([
      "absent",
      "named",
      "remembered",
    ]);
  });
});

describe("the endpoints of a Service", () => {
  const atSecond = (second: number) => CREATED_AT + second * 1_000;

  it("are empty since the Service was first seen, when it never had a slice", () => {
    const { put, serviceAt } = filled(...WORLD.slice(0, 3));
    put("services", rawService("web", { app: "web" }), 7);
    expect(serviceAt()).to.deep.include({ readyEndpoints: 0, emptySinceAt: atSecond(7), sawLoss: false });
  });

  it("are empty since they became so, for as long as they are", () => {
    const { put, serviceAt } = filled(...WORLD);
    expect(serviceAt()).to.deep.include({ readyEndpoints: 1, emptySinceAt: undefined });
    put("endpointslices", rawSlice("web", []), 5);
    put("endpointslices", rawSlice("web", [], { name: "web-2" }), 9);
    expect(serviceAt()).to.deep.include({ readyEndpoints: 0, emptySinceAt: atSecond(5), sawLoss: true });
    put("endpointslices", rawSlice("web", ["x"]), 11);
    put("endpointslices", rawSlice("web", []), 13);
    expect(serviceAt()?.emptySinceAt).to.equal(atSecond(13));
  });

  it("say which named port not all of them have, and a change of nothing else wakes the guard", () => {
    const ports = [
      { name: "http", port: 80, targetPort: "web" },
      { name: "grpc", port: 90, targetPort: "rpc" },
    ];
    const { put, serviceAt } = filled(...WORLD);
    const [http, grpc] = [
      { name: "http", port: 8080 },
      { name: "grpc", port: 9090 },
    ] as const;
    put("services", rawService("web", { app: "web" }, { spec: { ports } }));
    put("endpointslices", rawSlice("web", ["x"], { ports: [http, grpc] }));
    expect(serviceAt()).to.deep.include({ readyEndpoints: 1 }).and.not.have.property("partialPorts");
    expect(put("endpointslices", rawSlice("web", ["x"], { ports: [http] }))).to.deep.equal([KEY]);
    expect(serviceAt()?.partialPorts).to.deep.equal([{ targetPort: "rpc", readyEndpoints: 0 }]);
    expect(serviceAt()?.readyEndpoints).to.equal(1);
  });

  it("come from Endpoints only where there is no slice", () => {
    const { caches, put, serviceAt } = filled(...WORLD.slice(0, 5));
    const subsets = [{ addresses: [{ ip: "10.0.0.1" }, { ip: "10.0.0.2" }], ports: [{ port: 80 }] }];
    put("endpoints", { metadata: { name: "web", namespace: NAMESPACE }, subsets });
    expect(serviceAt()?.readyEndpoints).to.equal(2);
    put("endpointslices", rawSlice("web", ["x"]));
    expect(serviceAt()?.readyEndpoints).to.equal(1);
    caches.apply("endpointslices", "DELETED", rawSlice("web", []), CREATED_AT);
    expect(serviceAt()?.readyEndpoints).to.equal(2);
  });
});

describe("the Events of an object", () => {
  const eventsIn = (caches: Caches) => observe(caches, KEY, { observeOnly: false })?.events ?? [];

  it("are at most twenty, the newest", () => {
    const { caches, put } = filled(...WORLD);
    for (let second = 10; second < 40; second += 1) {
      put(
        "events",
        rawEvent(`e${second}`, "Pod", "web-a-1", { lastTimestamp: `2026-03-01T10:00:${second}Z` }),
      );
    }
    expect(caches.sizes().events).to.equal(20);
    expect(eventsIn(caches).map(({ lastAt }) => (lastAt - CREATED_AT) / 1_000)).to.deep.equal(
      Array.from({ length: 20 }, (_, index) => 39 - index),
    );
  });

  it("are forgotten after an hour", () => {
    const { caches, put } = filled(...WORLD, ["events", rawEvent("e", "Pod", "web-a-1")]);
    expect(eventsIn(caches)).to.have.length(1);
    put("deployments", atVersion(rawDeployment("web"), "300"), 3_700);
    expect(eventsIn(caches)).to.deep.equal([]);
  });
});

describe("the surroundings of a guard", () => {
  const surroundingsOf = (caches: Caches) => observe(caches, KEY, { observeOnly: true })?.surroundings;
  const COMPLETE = { type: "Progressing", status: "True", reason: "NewReplicaSetAvailable" };
  const inMinute = (minute: number, isAvailable: boolean, name: string) => {
    const at = `2026-03-01T10:${String(minute).padStart(2, "0")}:00Z`;
    const available = { type: "Available", status: isAvailable ? "True" : "False", lastTransitionTime: at };
    const complete = { ...COMPLETE, lastUpdateTime: "2026-03-01T10:00:00Z" };
    return rawDeployment(name, { status: { conditions: [available, complete] } });
  };
  const outage = (name: string, minute: number) => ({
    namespace: "shop",
    kind: "Deployment",
    name,
    downSinceAt: Date.parse(`2026-03-01T10:${minute}:00Z`),
  });

  it("name the other workloads, guarded or not, that were settled and became unavailable, and when they are back", () => {
    const { caches, put } = filled(...WORLD);
    put("rolloutguards", rawGuard("guard-one", "one", { status: { phase: "Healthy" } }));
    put("rolloutguards", rawGuard("guard-three", "three", { status: { phase: "Progressing" } }));
    for (const name of ["one", "two", "three"]) put("deployments", inMinute(0, true, name));
    put("deployments", rawDeployment("rolled-out-just-now"));
    expect(surroundingsOf(caches)).to.include({ settledNearby: 2, settledNamespaces: 0 });
    expect(surroundingsOf(caches)?.outages).to.deep.equal([]);
    for (const name of ["two", "three", "web"]) put("deployments", inMinute(20, false, name));
    expect(surroundingsOf(caches)?.outages, "neither itself nor one in a rollout").to.deep.equal([
      outage("two", 20),
    ]);
    put("deployments", inMinute(25, true, "two"));
    expect(surroundingsOf(caches)?.outages).to.deep.equal([
      { ...outage("two", 20), upAt: Date.parse("2026-03-01T10:25:00Z") },
    ]);
    caches.apply("deployments", "DELETED", rawDeployment("two"), CREATED_AT);
    expect(surroundingsOf(caches)).to.include({ settledNearby: 1 });
    expect(surroundingsOf(caches)?.outages).to.deep.equal([]);
  });
});

describe("Caches", () => {
  it("know their guards, sizes and versions", () => {
    const { caches } = filled(...WORLD);
    expect(caches.reconcileKeys()).to.deep.equal([KEY]);
    expect([caches.has(KEY), caches.has("shop/other/Deployment/web")]).to.deep.equal([true, false]);
    expect(caches.sizes()).to.deep.include({ pods: 1, replicasets: 1, events: 0 });
    expect(caches.resourceVersionOf("deployments", NAMESPACE, "web")).to.equal("100");
    expect(caches.resourceVersionOf("deployments", NAMESPACE, "none")).to.equal(undefined);
    expect([...caches.serviceEndpoints()]).to.deep.equal([
      { namespace: NAMESPACE, service: "web", ready: 1 },
    ]);
  });
});

describe("Caches that keep only guarded namespaces", () => {
  function guarded() {
    const caches = new Caches({ onlyGuarded: true });
    const [unread, announced]: [string[], string[]] = [[], []];
    caches.onUnread((namespace) => unread.push(namespace));
    caches.onChange((key) => announced.push(key));
    const apply = (resource: ResourceName, type: "ADDED" | "DELETED", object: RawObject) =>
      caches.apply(resource, type, object, CREATED_AT);
    return { caches, unread, announced, apply };
  }

  it("keep nothing but guards and Incidents where there is no guard", () => {
    const { caches, apply, unread } = guarded();
    for (const [resource, object] of WORLD.slice(1)) apply(resource, "ADDED", object);
    apply("events", "ADDED", rawEvent("e1", "Pod", "web-a-1"));
    apply("incidents", "ADDED", rawIncident("i", "web"));
    expect(Object.entries(caches.sizes()).filter(([, size]) => size > 0)).to.deep.equal([["incidents", 1]]);
    expect(unread).to.deep.equal([]);
  });

  it("name a namespace when it gets its first guard, and observe that guard only when all is read", () => {
    const { caches, apply, unread, announced } = guarded();
    apply("rolloutguards", "ADDED", rawGuard("guard", "web"));
    apply("rolloutguards", "ADDED", rawGuard("another", "api"));
    expect(unread).to.deep.equal([NAMESPACE]);
    for (const [resource, object] of WORLD.slice(1)) apply(resource, "ADDED", object);
    expect(observe(caches, KEY, { observeOnly: false })).to.equal(undefined);
    announced.length = 0;
    caches.markRead([NAMESPACE]);
    expect(announced).to.have.members([KEY, "shop/another/Deployment/api"]);
    expect(observe(caches, KEY, { observeOnly: false })?.pods).to.have.length(1);
  });

  it("name a namespace again when a guard begins to ask pods, whose addresses were not kept before", () => {
    const { caches, apply, unread } = guarded();
    const asking = { spec: { checks: { http: [{ name: "api" }] } } };
    const pod = rawPod("web-a-1", "web-a", { status: { podIP: "10.0.0.1" } });
    for (const [resource, object] of WORLD) apply(resource, "ADDED", object);
    apply("pods", "ADDED", atVersion(pod, "101"));
    caches.markRead([NAMESPACE]);
    const reach = () => observe(caches, KEY, { observeOnly: false })?.pods[0]?.reach?.addresses;
    expect(reach()).to.equal(undefined);
    apply("rolloutguards", "ADDED", atVersion(rawGuard("guard", "web", asking), "102"));
    expect(unread).to.deep.equal([NAMESPACE, NAMESPACE]);
    const list = caches.sinkFor("pods").beginReplace();
    list.add(atVersion(pod, "101"), CREATED_AT);
    list.commit(CREATED_AT, "103");
    expect(reach()).to.deep.equal(["10.0.0.1"]);
    apply("rolloutguards", "ADDED", atVersion(rawGuard("guard", "web", asking), "104"));
    expect(unread).to.have.length(2);
  });

  it("forget a namespace with its last guard, and take it for unread when it gets another one", () => {
    const { caches, apply, unread } = guarded();
    for (const [resource, object] of WORLD) apply(resource, "ADDED", object);
    apply("incidents", "ADDED", rawIncident("i", "web"));
    caches.markRead([NAMESPACE]);
    apply("rolloutguards", "DELETED", rawGuard("guard", "web"));
    expect(Object.entries(caches.sizes()).filter(([, size]) => size > 0)).to.deep.equal([["incidents", 1]]);
    expect([...caches.serviceEndpoints()]).to.deep.equal([]);
    caches.markRead([NAMESPACE]);
    apply("rolloutguards", "ADDED", atVersion(rawGuard("guard", "web"), "9999"));
    expect(unread).to.deep.equal([NAMESPACE, NAMESPACE]);
    expect(observe(caches, KEY, { observeOnly: false })).to.equal(undefined);
  });
});
