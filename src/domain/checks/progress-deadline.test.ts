import { expect } from "chai";
import { notReadyYet } from "../testing/a-pod.ts";
import { expectFailing, expectHealthy } from "../testing/expect-verdict.ts";
import { deadlineExceededAt, withPods, withSpec, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at } from "../testing/scene.ts";
import { progressDeadline } from "./progress-deadline.ts";

const stuck = withPods(3, notReadyYet);
const exceeded = deadlineExceededAt(later(minutes(10)));

describe("progressDeadline", () => {
  it("finds nothing wrong while Kubernetes sees progress", () => {
    expectHealthy(progressDeadline, aRollout(stuck, at(minutes(30))));
  });

  it("takes Kubernetes' word at once, and quotes it", () => {
    const finding = expectFailing(
      progressDeadline,
      "ProgressDeadlineExceeded",
      aRollout(stuck, exceeded, at(minutes(10))),
    );
    expect(finding.message).to.equal("Kubernetes reports no progress for 600 s: 3 of 3 pods are available");
    expect(finding.evidence[0]).to.contain("has timed out progressing");
  });

  it("does not count a verdict on the rollout before", () => {
    expectHealthy(progressDeadline, aRollout(stuck, deadlineExceededAt(earlier(minutes(1)))));
  });

  it("does not count a verdict while the present generation was not observed", () => {
    const unseen = withWorkload({ generation: 5 });
    expectHealthy(progressDeadline, aRollout(stuck, exceeded, unseen, at(minutes(10))));
  });

  it("is lenient by a second with the beginning: Kubernetes' instants are whole seconds", () => {
    expectFailing(
      progressDeadline,
      "ProgressDeadlineExceeded",
      aRollout(stuck, deadlineExceededAt(later(-seconds(1)))),
    );
  });

  it("listens to no other condition", () => {
    const condition = { message: "", transitionAt: later(seconds(9)), updatedAt: later(seconds(9)) };
    const others = [
      { ...condition, type: "Progressing", status: "False", reason: "ReplicaSetCreateError" },
      { ...condition, type: "Progressing", status: "Unknown", reason: "DeploymentPaused" },
      { ...condition, type: "Available", status: "False", reason: "MinimumReplicasUnavailable" },
    ] as const;
    expectHealthy(progressDeadline, aRollout(stuck, withWorkload({ conditions: others })));
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { progressDeadline: { enabled: false } } });
    expectHealthy(progressDeadline, aRollout(off, stuck, exceeded, at(minutes(10))));
  });
});
