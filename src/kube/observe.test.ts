import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import { deploymentRules } from "../domain/workload/deployment.ts";
import { Caches } from "./caches/caches.ts";
import type { RawObject } from "./objects.ts";
import { observe, observeUnguarded, withLive } from "./observe.ts";
import type { ResourceName } from "./resources.ts";
import {
  atVersion,
  CREATED_AT,
  rawDeployment,
  rawEvent,
  rawGuard,
  rawIncident,
  rawPod,
  rawReplicaSet,
} from "./testing/raw-objects.ts";

const controlledBy = (deployment: string) => ({
  ownerReferences: [{ kind: "Deployment", name: deployment, uid: `uid-${deployment}`, controller: true }],
  labels: { "pod-template-hash": "b" },
});

interface Line {
  readonly t: number;
  readonly resource: ResourceName;
  readonly type: "LIST" | "ADDED" | "MODIFIED" | "DELETED";
  readonly object: RawObject & { readonly metadata: { readonly name: string; readonly namespace: string } };
}

/** Excerpts of real rollouts, taken from a cluster. */
function excerpt(name: string): Line[] {
  const text = readFileSync(new URL(`testing/fixtures/${name}.jsonl`, import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

/** What a guard of the recorded Deployment saw after each line; second t of the recording is t * 1000 ms. */
function observed(lines: readonly Line[]): { readonly t: number; readonly snapshot: Snapshot }[] {
  const deployment = lines.find(({ resource }) => resource === "deployments")?.object.metadata;
  if (deployment === undefined) throw new Error("no Deployment was recorded");
  const { name, namespace } = deployment;
  const caches = new Caches();
  caches.apply("rolloutguards", "ADDED", rawGuard("guard", name, { metadata: { namespace } }), 0);
  return lines.map(({ t, resource, type, object }) => {
    caches.apply(resource, type === "LIST" ? "ADDED" : type, object, t * 1_000);
    const snapshot = observe(caches, `${namespace}/guard/Deployment/${name}`, { observeOnly: false });
    if (snapshot === undefined) throw new Error("the guard is gone");
    return { t, snapshot };
  });
}

const isDeeplyFrozen = (value: unknown): boolean =>
  typeof value !== "object" ||
  value === null ||
  (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen));

describe("observe", () => {
  it("sees only the guard of a namespace that was not read because something cannot be read", () => {
    const caches = new Caches({ onlyGuarded: true });
    caches.apply("rolloutguards", "ADDED", rawGuard("guard", "web"), 0);
    caches.apply("deployments", "ADDED", rawDeployment("web"), 0);
    const key = "shop/guard/Deployment/web";
    const unread = [{ need: "pods", resource: "pods", why: "It may not." }] as const;
    expect(observe(caches, key, { observeOnly: false, unread: [] })).to.equal(undefined);
    const snapshot = observe(caches, key, { observeOnly: false, unread });
    expect(snapshot?.guard.name).to.equal("guard");
    expect(snapshot?.workload).to.equal(undefined);
    expect(snapshot?.surroundings).to.deep.include({ unread, isUnseen: true });
    caches.markRead(["shop"]);
    expect(observe(caches, key, { observeOnly: false, unread })?.surroundings).not.to.have.property(
      "isUnseen",
    );
  });

  it("knows the revision of a Deployment that comes from an API server with another default", () => {
    const numbered = { metadata: { annotations: { "deployment.kubernetes.io/revision": "1" } } };
    const template = {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: "shop/app:1" }], newField: "Default" },
    };
    const caches = new Caches();
    caches.apply("rolloutguards", "ADDED", rawGuard("guard", "web"), 0);
    caches.apply("replicasets", "ADDED", rawReplicaSet("web", "a", numbered), 0);
    const status = { observedGeneration: 1 };
    const deployment = rawDeployment("web", { spec: { template }, status, metadata: numbered.metadata });
    caches.apply("deployments", "ADDED", deployment, 0);
    const { workload, revisions = [] } =
      observe(caches, "shop/guard/Deployment/web", { observeOnly: false }) ?? {};
    if (workload === undefined) throw new Error("no workload was seen");
    expect(revisions.map(({ templateKey }) => templateKey)).not.to.include(workload.templateKey);
    expect(deploymentRules.currentRevision(workload, revisions)?.hash).to.equal("a");
  });

  it("sees an image that cannot be pulled since the first sign, across the kubelet's flicker", () => {
    const history = observed(excerpt("image-pull-failure"));
    const troubles = history.map(
      ({ t, snapshot }) => [t, snapshot.pods.find((pod) => pod.startFailure)?.startFailure] as const,
    );
    const first = troubles.find(([, trouble]) => trouble)?.[0];
    expect(first).to.equal(11.999);
    for (const [t, trouble] of troubles) {
      if (t >= 11.999) expect(trouble, `at ${t} s`).to.deep.include({ kind: "image", sinceAt: 11_999 });
    }
  });

  it("sees which revision the Deployment asks for, and the Events about its pods", () => {
    const last = observed(excerpt("image-pull-failure")).at(-1)?.snapshot;
    const current = last?.revisions.filter(({ templateKey }) => templateKey === last.workload?.templateKey);
    expect(current?.map(({ hash }) => hash)).to.deep.equal(["5d45b97f96"]);
    expect(last?.events.map(({ reason }) => reason)).to.deep.equal(["Failed", "Failed", "Failed"]);
  });

  it("sees a Service lose its endpoints although the new revision's labels do not match it", () => {
    const history = observed(excerpt("selector-mismatch"));
    expect(history.at(-1)?.snapshot.services[0]).to.deep.include({
      name: "inference-api",
      readyEndpoints: 0,
      emptySinceAt: 18_091,
    });
  });

  it("hands out nothing that can be changed", () => {
    for (const name of ["image-pull-failure", "selector-mismatch"]) {
      const snapshot = observed(excerpt(name)).at(-1)?.snapshot;
      expect(snapshot && isDeeplyFrozen(snapshot), name).to.equal(true);
    }
  });

  it("takes nothing from another namespace for the Deployment's, whatever it says of its owner", () => {
    const caches = new Caches();
    const apply = (resource: ResourceName, object: RawObject) =>
      caches.apply(resource, "ADDED", object, CREATED_AT);
    apply("rolloutguards", rawGuard("guard", "web"));
    apply("deployments", rawDeployment("web"));
    apply("replicasets", rawReplicaSet("web", "a"));
    apply("pods", rawPod("web-a-1", "web-a"));
    const elsewhere = { metadata: { namespace: "elsewhere" } };
    apply(
      "replicasets",
      rawReplicaSet("web", "b", { metadata: { ...controlledBy("web"), namespace: "elsewhere" } }),
    );
    apply("pods", rawPod("web-a-2", "web-a", elsewhere));
    apply("events", rawEvent("e", "Pod", "web-a-1", elsewhere));
    const snapshot = observe(caches, "shop/guard/Deployment/web", { observeOnly: false });
    expect(snapshot?.revisions.map(({ source }) => source.name)).to.deep.equal(["web-a"]);
    expect(snapshot?.pods.map(({ name }) => name)).to.deep.equal(["web-a-1"]);
    expect(snapshot?.events).to.deep.equal([]);
  });

  it("knows nothing of the ReplicaSets of a former Deployment of the same name", () => {
    const caches = new Caches();
    caches.apply("rolloutguards", "ADDED", rawGuard("guard", "web"), CREATED_AT);
    caches.apply("replicasets", "ADDED", rawReplicaSet("web", "old"), CREATED_AT);
    caches.apply("deployments", "ADDED", rawDeployment("web", { metadata: { uid: "new" } }), CREATED_AT);
    expect(observe(caches, "shop/guard/Deployment/web", { observeOnly: false })?.revisions).to.deep.equal([]);
  });

  it("sees a guard whose Deployment does not exist, and no guard that does not", () => {
    const caches = new Caches();
    caches.apply("rolloutguards", "ADDED", rawGuard("guard", "web"), CREATED_AT);
    const snapshot = observe(caches, "shop/guard/Deployment/web", { observeOnly: true });
    expect(snapshot?.workload).to.equal(undefined);
    expect(snapshot?.surroundings.observeOnly).to.equal(true);
    expect(observe(caches, "shop/other/Deployment/web", { observeOnly: false })).to.equal(undefined);
  });

  it("sees how late the kubelets of its pods' nodes have told things, for two minutes", () => {
    const caches = new Caches();
    caches.apply("rolloutguards", "ADDED", rawGuard("guard", "web"), CREATED_AT);
    caches.apply("deployments", "ADDED", rawDeployment("web"), CREATED_AT);
    caches.apply("replicasets", "ADDED", rawReplicaSet("web", "a"), CREATED_AT);
    const second = (seconds: number) => new Date(CREATED_AT + seconds * 1_000).toISOString();
    const lagAfter = (node: string, readySecond: number, reportSecond: number) => {
      const pod = rawPod("web-a-1", "web-a", {
        spec: { nodeName: node },
        status: { conditions: [{ type: "Ready", status: "True", lastTransitionTime: second(readySecond) }] },
        metadata: {
          managedFields: [{ manager: "kubelet", subresource: "status", time: second(reportSecond) }],
        },
      });
      caches.apply(
        "pods",
        "MODIFIED",
        atVersion(pod, String(1_000 + reportSecond)),
        CREATED_AT + reportSecond * 1_000,
      );
      return observe(caches, "shop/guard/Deployment/web", { observeOnly: false })?.surroundings.reportLagMs;
    };
    expect(lagAfter("node1", 4, 5)).to.equal(undefined);
    expect(lagAfter("node1", 10, 40)).to.equal(30_000);
    expect(lagAfter("node1", 50, 51)).to.equal(30_000);
    expect(lagAfter("node1", 170, 171)).to.equal(undefined);
  });
});

describe("observeUnguarded", () => {
  const key = "shop/guard/Deployment/web";
  const incident = (phase: string) => rawIncident("web-1", "web", { phase, message: phase, timeline: [] });

  function left(phase: string) {
    const caches = new Caches({ onlyGuarded: true });
    caches.apply("incidents", "ADDED", incident(phase), 0);
    return caches;
  }

  it("sees open Incidents about a target that no guard has", () => {
    const caches = left("Verifying");
    const snapshot = observeUnguarded(caches, key, { observeOnly: false });
    expect(snapshot?.incidents.map(({ name }) => name)).to.deep.equal(["web-1"]);
    expect(snapshot?.guard).to.include({ namespace: "shop", name: "guard" });
    expect(caches.unguardedKeys()).to.deep.equal([key]);
  });

  it("sees nothing when the Incidents have ended", () => {
    const caches = left("Recovered");
    expect(observeUnguarded(caches, key, { observeOnly: false })).to.equal(undefined);
    expect(caches.unguardedKeys()).to.deep.equal([]);
  });

  it("sees nothing where another guard has the target, even one whose namespace is not read yet", () => {
    const caches = left("Verifying");
    caches.apply("rolloutguards", "ADDED", rawGuard("another", "web"), 0);
    expect(observeUnguarded(caches, key, { observeOnly: false })).to.equal(undefined);
    expect(caches.unguardedKeys()).to.deep.equal([]);
  });
});

describe("withLive", () => {
  it("shows the Deployment and its revisions as they were just read, and the pods of those revisions", () => {
    const caches = new Caches();
    caches.apply("rolloutguards", "ADDED", rawGuard("guard", "web"), CREATED_AT);
    caches.apply("deployments", "ADDED", rawDeployment("web"), CREATED_AT);
    for (const hash of ["a", "b"]) {
      caches.apply("replicasets", "ADDED", rawReplicaSet("web", hash), CREATED_AT);
      caches.apply("pods", "ADDED", rawPod(`web-${hash}-1`, `web-${hash}`), CREATED_AT);
    }
    const cached = observe(caches, "shop/guard/Deployment/web", { observeOnly: false });
    if (cached === undefined) throw new Error("the guard is gone");
    const live = withLive(cached, {
      kind: "Deployment",
      workload: rawDeployment("web", { metadata: { generation: 7 } }),
      sources: [rawReplicaSet("web", "b"), rawReplicaSet("web", "c"), rawReplicaSet("another", "d")],
    });
    expect(live.workload?.generation).to.equal(7);
    expect(live.revisions.map(({ hash }) => hash)).to.deep.equal(["b", "c"]);
    expect(live.pods.map(({ name }) => name)).to.deep.equal(["web-b-1"]);
    expect(live.guard).to.equal(cached.guard);
    expect(isDeeplyFrozen(live)).to.equal(true);
  });

  it("knows what Flagger releases by the copy that its Canary controls", () => {
    const canaryFor = (kind: string) => {
      const caches = new Caches();
      caches.apply("rolloutguards", "ADDED", rawGuard("guard", "checkout"), 0);
      caches.apply("deployments", "ADDED", rawDeployment("checkout"), 0);
      const ownerReferences = [{ kind, name: "checkout", uid: "uid-canary", controller: true }];
      caches.apply(
        "deployments",
        "ADDED",
        rawDeployment("checkout-primary", { metadata: { ownerReferences } }),
        0,
      );
      return observe(caches, "shop/guard/Deployment/checkout", { observeOnly: false })?.surroundings.canary;
    };
    expect(canaryFor("Canary")).to.equal("checkout");
    expect(canaryFor("Database")).to.equal(undefined);
  });
});
