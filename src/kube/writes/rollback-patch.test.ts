import { expect } from "chai";
import fc from "fast-check";
import type { RestoreTemplate } from "../../domain/effects/change.ts";
import { asObject, asTexts, metaOf, type RawObject } from "../objects.ts";
import { applyJsonPatch } from "../testing/apply-json-patch.ts";
import { deploymentPort } from "../workloads/deployment/deployment-port.ts";
import { buildRollbackPatch } from "./rollback-patch.ts";

const NOW = Date.parse("2026-03-01T12:00:00.250Z");

const change: RestoreTemplate = {
  do: "restoreTemplate",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "uid-1", generation: 7 },
  from: { hash: "bad", revision: 4 },
  to: {
    hash: "good",
    revision: 3,
    source: { kind: "ReplicaSet", name: "checkout-good", uid: "uid-of-checkout-good" },
  },
  incident: "checkout-bad",
};
const OWN = {
  "rolloutguard.io/incident": "checkout-bad",
  "rolloutguard.io/rolled-back-from": "bad",
  "rolloutguard.io/rolled-back-at": "2026-03-01T12:00:00.250Z",
  "rolloutguard.io/rolled-back-generation": "8",
  "rolloutguard.io/rollback-times": "2026-03-01T12:00:00.250Z",
};

type Annotations = Readonly<Record<string, string>>;

function aDeployment(annotations?: Annotations): RawObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      name: "checkout",
      namespace: "shop",
      uid: "uid-1",
      generation: 7,
      resourceVersion: "100",
      ...(annotations && { annotations }),
    },
    spec: {
      replicas: 3,
      paused: false,
      template: { metadata: { labels: { app: "checkout" } }, spec: { containers: ["bad"] } },
    },
  };
}

const goodTemplate = {
  metadata: {
    creationTimestamp: null,
    labels: { app: "checkout", "pod-template-hash": "good" },
    annotations: { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" },
  },
  spec: { containers: [{ name: "app", image: "checkout:1", somethingNewerThanUs: { a: [1, null] } }] },
};

function aReplicaSet(annotations?: Annotations): RawObject {
  return {
    metadata: { name: "checkout-good", ...(annotations && { annotations }) },
    spec: { template: goodTemplate },
  };
}

const operationsOn = (workload: RawObject, source = aReplicaSet()) =>
  buildRollbackPatch({ change, workload, source, template: deploymentPort.templateOf(source), now: NOW });
const patched = (deployment: RawObject, replicaSet = aReplicaSet()): RawObject =>
  asObject(applyJsonPatch(deployment, operationsOn(deployment, replicaSet)));

describe("buildRollbackPatch", () => {
  describe("of a Deployment that is paused", () => {
    const paused = (annotations: Annotations = {}) => {
      const deployment = aDeployment(annotations);
      return { ...deployment, spec: { ...asObject(deployment["spec"]), paused: true } };
    };

    it("ends the pause that RolloutGuard made, with its annotation", () => {
      const after = patched(paused({ "rolloutguard.io/paused-for-incident": "checkout-worse", team: "a" }));
      expect(asObject(after["spec"])).not.to.have.property("paused");
      expect(metaOf(after).annotations).to.deep.equal({ ...OWN, team: "a" });
    });

    it("leaves somebody else's pause", () => {
      expect(asObject(patched(paused({ team: "a" }))["spec"])).to.include({ paused: true });
    });

    it("takes away what is left of a pause that somebody has ended", () => {
      const after = patched(aDeployment({ "rolloutguard.io/paused-for-incident": "checkout-worse" }));
      expect(asObject(after["spec"])).to.include({ paused: false });
      expect(metaOf(after).annotations).to.deep.equal(OWN);
    });
  });

  it("begins by testing that it is the same Deployment in the same generation", () => {
    const operations = operationsOn(aDeployment());
    expect(operations.slice(0, 2)).to.deep.equal([
      { op: "test", path: "/metadata/uid", value: "uid-1" },
      { op: "test", path: "/metadata/generation", value: 7 },
    ]);
  });

  it("tests the generation that was judged, not the one that the live object has", () => {
    const newer = { ...aDeployment({}), metadata: { ...asObject(aDeployment({}).metadata), generation: 8 } };
    expect(() => patched(newer)).to.throw("testing /metadata/generation failed");
  });

  it("restores the template of the ReplicaSet as it is, without pod-template-hash, and nothing else of the spec", () => {
    const spec = asObject(patched(aDeployment({})).spec);
    expect(spec).to.deep.equal({
      replicas: 3,
      paused: false,
      template: { ...goodTemplate, metadata: { ...goodTemplate.metadata, labels: { app: "checkout" } } },
    });
  });

  it("sets its annotations one by one and keeps everybody else's", () => {
    const foreign = {
      "deployment.kubernetes.io/revision": "4",
      "kubectl.kubernetes.io/last-applied-configuration": "{}",
    };
    expect(metaOf(patched(aDeployment(foreign))).annotations).to.deep.equal({ ...foreign, ...OWN });
  });

  it("escapes annotation names in its paths", () => {
    const operations = operationsOn(aDeployment({}));
    expect(operations.map(({ path }) => path)).to.include("/metadata/annotations/rolloutguard.io~1incident");
  });

  it("overwrites the annotations of an earlier rollback", () => {
    const annotations = { "rolloutguard.io/incident": "checkout-older" };
    expect(metaOf(patched(aDeployment(annotations))).annotations).to.deep.equal(OWN);
  });

  it("adds the map where there is none, only if nobody changed the object meanwhile", () => {
    const deployment = aDeployment();
    const operations = operationsOn(deployment);
    expect(metaOf(patched(deployment)).annotations).to.deep.equal(OWN);
    const changed = { ...deployment, metadata: { ...asObject(deployment.metadata), resourceVersion: "101" } };
    expect(() => applyJsonPatch(changed, operations)).to.throw("testing /metadata/resourceVersion failed");
  });

  it("gives the change-cause of the restored revision back, or takes away the one of the failed", () => {
    const cause = (deployment?: string, replicaSet?: string) => {
      const named = (value?: string) => (value === undefined ? {} : { "kubernetes.io/change-cause": value });
      return metaOf(patched(aDeployment(named(deployment)), aReplicaSet(named(replicaSet)))).annotations[
        "kubernetes.io/change-cause"
      ];
    };
    expect(cause("bad release", "good release")).to.equal("good release");
    expect(cause(undefined, "good release")).to.equal("good release");
    expect(cause("bad release", undefined)).to.equal(undefined);
    expect(cause(undefined, undefined)).to.equal(undefined);
  });

  describe("leaves the change-cause alone when somebody else owns it", () => {
    const owned = (manager: string, operation: string, more: object = {}) => ({
      manager,
      operation,
      apiVersion: "apps/v1",
      fieldsV1: { "f:metadata": { "f:annotations": { ".": {}, "f:kubernetes.io/change-cause": {} } } },
      ...more,
    });
    const causeAfter = (...managedFields: readonly object[]) => {
      const deployment = aDeployment({ "kubernetes.io/change-cause": "bad release" });
      const metadata = { ...asObject(deployment.metadata), managedFields };
      const source = aReplicaSet({ "kubernetes.io/change-cause": "good release" });
      return metaOf(patched({ ...deployment, metadata }, source)).annotations["kubernetes.io/change-cause"];
    };

    for (const [title, entry] of [
      ["who applies it", owned("helm", "Apply")],
      ["by kubectl apply", owned("kubectl-client-side-apply", "Update")],
      ["by kubectl annotate", owned("kubectl-annotate", "Update")],
    ] as const) {
      it(title, () => expect(causeAfter(entry)).to.equal("bad release"));
    }

    it("but not when it is RolloutGuard's own, or of the status", () => {
      expect(causeAfter(owned("rolloutguard", "Update"))).to.equal("good release");
      expect(causeAfter(owned("kubectl-rolloutguard", "Update"))).to.equal("good release");
      expect(causeAfter(owned("x", "Update", { subresource: "status" }))).to.equal("good release");
    });
  });

  it("brings the manifest that kubectl apply keeps up to date in the same patch", () => {
    const lastApplied = JSON.stringify({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "checkout", namespace: "shop" },
      spec: { template: { spec: { containers: [{ name: "app", image: "checkout:2" }] } } },
    });
    const name = "kubectl.kubernetes.io/last-applied-configuration";
    const after = metaOf(patched(aDeployment({ [name]: lastApplied }))).annotations;
    expect(after[name]).to.contain("checkout:1").and.not.to.contain("checkout:2");
  });

  it("keeps every foreign annotation and label, whatever they are, and does not change what it is given", () => {
    const name = fc.string({
      minLength: 1,
      unit: fc.constantFrom("a", "Z", "9", "/", "~", ".", "-", "0", "1"),
    });
    fc.assert(
      fc.property(
        fc.option(fc.dictionary(name, fc.string()), { nil: undefined }),
        fc.dictionary(name, fc.string()),
        (annotations, replicaSetAnnotations) => {
          const deployment = aDeployment(annotations);
          const replicaSet = aReplicaSet(replicaSetAnnotations);
          const before = structuredClone({ deployment, replicaSet });
          const after = patched(deployment, replicaSet);
          expect(asTexts(asObject(after.metadata).annotations)).to.deep.equal({ ...annotations, ...OWN });
          expect({ deployment, replicaSet }).to.deep.equal(before);
        },
      ),
    );
  });
});
