import { expect } from "chai";
import type { PodView } from "../../domain/snapshot/pod.ts";
import type { RawObject } from "../objects.ts";
import { CREATED_AT, RUNNING, rawPod } from "../testing/raw-objects.ts";
import { projectPod } from "./pod.ts";
import { reportLagOf } from "./report-lag.ts";

const second = (seconds: number) => new Date(CREATED_AT + seconds * 1_000).toISOString().replace(".000", "");

/** A pod of which the kubelet says that it became ready then; the API server took that report then. */
function podReadyAt(readySecond: number, reports: readonly object[]): RawObject {
  const conditions = [{ type: "Ready", status: "True", lastTransitionTime: second(readySecond) }];
  const pod = rawPod("p", "rs", { containers: [RUNNING], status: { conditions } });
  return { ...pod, metadata: { ...(pod["metadata"] as object), managedFields: reports } };
}

const report = (atSecond: number, more: object = {}) => ({
  manager: "kubelet",
  subresource: "status",
  time: second(atSecond),
  ...more,
});

function viewOf(object: RawObject): PodView {
  return projectPod(object, "uid-rs", undefined, CREATED_AT);
}

/** The lag of a report that follows one about a pod that became ready in second 3. */
function lagOf(object: RawObject): number | undefined {
  return reportLagOf(object, viewOf(podReadyAt(3, [report(3)])), viewOf(object));
}

describe("reportLagOf", () => {
  it("is the time between what happened and the API server's time of the kubelet's report", () => {
    expect(lagOf(podReadyAt(10, [report(10)]))).to.equal(0);
    expect(lagOf(podReadyAt(10, [report(52)]))).to.equal(42_000);
  });

  it("is nobody's where the report tells nothing new, or the pod was not known before", () => {
    const again = podReadyAt(3, [report(600)]);
    expect(lagOf(again)).to.equal(undefined);
    expect(reportLagOf(again, undefined, viewOf(again))).to.equal(undefined);
  });

  it("counts only what the kubelet wrote about the status", () => {
    const others = [report(90, { manager: "kubectl" }), report(95, { subresource: "" })];
    expect(lagOf(podReadyAt(10, [report(14), ...others]))).to.equal(4_000);
    expect(lagOf(podReadyAt(10, others))).to.equal(undefined);
    expect(lagOf(podReadyAt(10, [report(0, { time: "soon" })]))).to.equal(undefined);
  });

  it("is never below 0, however the clock of a node is set", () => {
    expect(lagOf(podReadyAt(20, [report(15)]))).to.equal(0);
  });
});
