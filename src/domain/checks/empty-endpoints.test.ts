import { expect } from "chai";
import { notReadyYet, onLostNode, readyAfter } from "../testing/a-pod.ts";
import { labels } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  andService,
  changing,
  completedAfter,
  withOldPods,
  withPods,
  withService,
  withSpec,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aFirstRollout, aRollout, at } from "../testing/scene.ts";
import { emptyEndpoints } from "./empty-endpoints.ts";

const lostLabel = changing(labels({ app: "checkout" }));
const gone = withService({ readyEndpoints: 0, emptySinceAt: later(seconds(8)) });

describe("emptyEndpoints", () => {
  it("finds nothing wrong with a Service that has endpoints", () => {
    expectHealthy(emptyEndpoints, aRollout());
  });

  it("counts a Service without endpoints beside ready pods after 15 s", () => {
    expectPending(emptyEndpoints, aRollout(lostLabel, gone, at(seconds(22))), seconds(23));
    const scene = aRollout(lostLabel, gone, at(seconds(23)));
    const finding = expectFailing(emptyEndpoints, "EmptyEndpoints", scene);
    expect(finding.message).to.equal(
      "3 of 3 pods are ready, and Service checkout has no endpoint; its selector asks for tier=backend, which the new pods do not have",
    );
  });

  it("waits as long as the guard says", () => {
    const patient = withSpec({ checks: { emptyEndpoints: { for: "2m" } } });
    expectPending(emptyEndpoints, aRollout(patient, lostLabel, gone), seconds(128));
  });

  it("counts from when the pods became ready", () => {
    const late = withPods(3, readyAfter(seconds(28)));
    expectPending(emptyEndpoints, aRollout(lostLabel, gone, late, at(seconds(40))), seconds(45));
  });

  it("says that the labels are not it when they match", () => {
    const finding = expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(gone, at(minutes(2))));
    expect(finding.message).to.contain("its selector matches the new pods");
  });

  it("gives endpoints that must come four times as long: kubelets report readiness late", () => {
    expectPending(emptyEndpoints, aRollout(gone, at(seconds(67))), seconds(68));
    expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(gone, at(seconds(68))));
  });

  it("finds nothing wrong while the old pods still serve", () => {
    expectHealthy(emptyEndpoints, aRollout(lostLabel, withOldPods(3)));
  });

  it("leaves an empty Service to other checks while the pods are not ready", () => {
    expectHealthy(emptyEndpoints, aRollout(gone, withOldPods(0), withPods(3, notReadyYet)));
    expectHealthy(emptyEndpoints, aRollout(gone, withOldPods(0), withPods(1), andPods(2, notReadyYet)));
  });

  it("does not blame the release for a node that was lost", () => {
    const lost = withPods(3, onLostNode(later(seconds(20))));
    expectHealthy(emptyEndpoints, aRollout(gone, lost, completedAfter(seconds(6))));
  });

  it("does not count a Service that was empty before the rollout", () => {
    const always = withService({ readyEndpoints: 0, emptySinceAt: earlier(minutes(1)) });
    expectHealthy(emptyEndpoints, aRollout(always));
  });

  it("counts any empty Service when there was nothing before the rollout", () => {
    const always = withService({ readyEndpoints: 0, emptySinceAt: earlier(minutes(1)) });
    expectFailing(emptyEndpoints, "EmptyEndpoints", aFirstRollout(always, at(minutes(2))));
  });

  it("does not count a Service that was seen to lose its endpoints long after completion", () => {
    const complete = completedAfter(seconds(10));
    const loss = (sinceMs: number) =>
      withService({ readyEndpoints: 0, emptySinceAt: later(sinceMs), sawLoss: true });
    expectHealthy(emptyEndpoints, aRollout(complete, loss(seconds(41)), at(minutes(3))));
    expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(complete, loss(seconds(40)), at(minutes(3))));
  });

  it("counts it however late the loss is seen where the new pods lack a label that the old ones had", () => {
    const complete = completedAfter(seconds(10));
    const late = withService({ readyEndpoints: 0, emptySinceAt: later(seconds(100)), sawLoss: true });
    expectPending(emptyEndpoints, aRollout(lostLabel, complete, late, at(seconds(114))), seconds(115));
    expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(lostLabel, complete, late, at(seconds(115))));
  });

  it("does not look at Services of other Deployments", () => {
    expectHealthy(emptyEndpoints, aRollout(andService("payment", { emptySinceAt: later(seconds(8)) })));
  });

  it("looks at the Services that the guard names, and only at those", () => {
    const named = withSpec({ services: ["payment"] });
    const payment = andService("payment", { emptySinceAt: later(seconds(8)) });
    const finding = expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(named, payment));
    expect(finding.message).to.contain("Service payment");
    expectHealthy(emptyEndpoints, aRollout(withSpec({ services: [] }), gone));
  });

  it("expects no endpoints of an ExternalName Service", () => {
    const external = andService("mail", { isExternalName: true, emptySinceAt: later(seconds(8)) });
    expectHealthy(emptyEndpoints, aRollout(external, withSpec({ services: ["mail"] })));
    expectHealthy(emptyEndpoints, aRollout(withService({ isExternalName: true, readyEndpoints: 0 })));
  });

  it("quotes the selector and the labels", () => {
    const { evidence } = expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(lostLabel, gone));
    expect(evidence).to.deep.equal([
      "Service checkout: 0 ready endpoints, selector app=checkout,tier=backend",
      "pods of checkout-596f7cbf4b have the labels app=checkout",
    ]);
  });

  it("can be turned off", () => {
    const off = withSpec({ checks: { emptyEndpoints: { enabled: false } } });
    expectHealthy(emptyEndpoints, aRollout(off, lostLabel, gone));
  });
});
