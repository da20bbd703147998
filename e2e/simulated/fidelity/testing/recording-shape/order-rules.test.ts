import type { KubeObject } from "@rolloutguard/simulated-cluster/objects";
import { expect } from "chai";
import type { RecordedChange } from "../recording.ts";
import { brokenOrder } from "./order-rules.ts";

describe("brokenOrder", () => {
  let revision = 1;

  function change(
    resource: string,
    object: object,
    type: RecordedChange["type"] = "MODIFIED",
  ): RecordedChange {
    revision += 1;
    const { metadata, ...rest } = object as { metadata?: object };
    const complete = {
      apiVersion: "v1",
      kind: "Any",
      metadata: { name: resource, uid: resource, resourceVersion: String(revision), ...metadata },
      ...rest,
    };
    return { t: revision, resource, type, object: complete as unknown as KubeObject };
  }

  const owner = [
    { apiVersion: "apps/v1", kind: "ReplicaSet", name: "set", uid: "replicasets", controller: true },
  ];
  const pod = (isReady: boolean, spec: object = { nodeName: "node1" }) =>
    change("pods", {
      metadata: { ownerReferences: owner },
      spec,
      status: { startTime: "now", conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
    });
  const newPod = () =>
    change("pods", { metadata: { ownerReferences: owner }, spec: {}, status: {} }, "ADDED");
  const set = (readyReplicas: number) => change("replicasets", { status: { replicas: 1, readyReplicas } });
  const deployment = (readyReplicas: number) => change("deployments", { status: { readyReplicas } });
  const slice = () =>
    change("endpointslices", { endpoints: [{ conditions: { ready: true }, targetRef: { uid: "pods" } }] });
  const endpoints = () => change("endpoints", { subsets: [{ addresses: [{ targetRef: { uid: "pods" } }] }] });

  const complaints = (...changes: RecordedChange[]) =>
    brokenOrder([], changes).map((text) => text.replace(/^\d+: /, ""));

  it("finds nothing wrong when pods come first, then their ReplicaSet and endpoints, then the Deployment", () => {
    expect(
      complaints(newPod(), pod(false), pod(true), set(1), slice(), endpoints(), deployment(1)),
    ).to.deep.equal([]);
  });

  it("finds endpoints that are ready before their pod is", () => {
    expect(complaints(newPod(), pod(false), slice(), endpoints())).to.deep.equal([
      "endpointslices list pod pods as ready before it was",
      "endpoints list pod pods as ready before it was",
    ]);
  });

  it("finds counts of pods that are not there or not ready", () => {
    expect(complaints(set(0))).to.deep.equal(["replicasets counts pods before there are any"]);
    expect(complaints(newPod(), set(1))).to.deep.equal(["replicasets counts pods as ready that never were"]);
  });

  it("finds a Deployment that knows more than its ReplicaSets", () => {
    expect(complaints(newPod(), pod(true), deployment(1))).to.deep.equal([
      "deployments counts more ready pods than its ReplicaSets did",
    ]);
  });

  it("finds a pod that is started before it is bound, or there is a status from the start", () => {
    expect(complaints(newPod(), pod(false, {}))).to.deep.equal(["pods is started before it is bound"]);
    expect(complaints(pod(false))).to.deep.equal(["pods appears with a status"]);
  });
});
