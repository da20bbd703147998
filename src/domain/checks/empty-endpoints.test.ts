import { expect } from "chai";
import { notReadyYet, onLostNode, readyAfter } from "../testing/a-pod.ts";
import { appWith, labels } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, expectPending } from "../testing/expect-verdict.ts";
import {
  andPods,
  andService,
  changing,
  completedAfter,
  wanting,
  withOldPods,
  withOldReferences,
  withPods,
  withService,
  withSpec,
  withStatus,
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
      "3 of 3 pods are ready, but Service checkout has no endpoints: its selector requires tier=backend, which the new pods do not have",
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

  describe("a Service that never served", () => {
    const never = { selector: { app: "checkout" }, readyEndpoints: 0, emptySinceAt: later(seconds(8)) };

    it("condemns nothing, whether it was there before, came in the middle, or nothing was before it", () => {
      const before = { ...never, emptySinceAt: earlier(minutes(30)) };
      for (const metrics of [never, before]) {
        expectHealthy(emptyEndpoints, aRollout(andService("metrics", metrics), at(minutes(9))));
      }
      const always = withService({ readyEndpoints: 0, emptySinceAt: earlier(minutes(1)) });
      expectHealthy(emptyEndpoints, aFirstRollout(always, at(minutes(2))));
    });

    it("is one that the guard does not name, does not remember, and nobody saw with an endpoint", () => {
      const metrics = andService("metrics", never);
      const named = withSpec({ services: ["metrics"] });
      expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(metrics, named, at(minutes(2))));
      const remembered = withStatus({ services: [{ name: "metrics", endpoints: 3 }] });
      expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(metrics, remembered, at(minutes(2))));
      const changes = [
        { at: earlier(minutes(1)), ready: 3 },
        { at: later(seconds(8)), ready: 0 },
      ];
      const seen = andService("metrics", { ...never, changes });
      expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(seen, at(minutes(2))));
    });
  });

  describe("a Service that keeps some of its endpoints", () => {
    const keeps = (readyEndpoints: number) =>
      withService({
        readyEndpoints,
        changes: [
          { at: earlier(minutes(30)), ready: 4 },
          { at: later(seconds(9)), ready: 2 },
          { at: later(seconds(12)), ready: readyEndpoints },
        ],
      });
    const hadFour = withStatus({ services: [{ name: "checkout", endpoints: 4 }] });
    const left = (readyEndpoints: number) => [hadFour, wanting(4), withPods(4), keeps(readyEndpoints)];

    it("has lost service when at most half are left of pods that it no longer selects", () => {
      expectPending(emptyEndpoints, aRollout(lostLabel, ...left(1), at(seconds(23))), seconds(24));
      const finding = expectFailing(
        emptyEndpoints,
        "EmptyEndpoints",
        aRollout(lostLabel, ...left(1), at(seconds(24))),
      );
      expect(finding.message).to.contain("Service checkout has only 1 endpoint left: its selector requires");
      expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(lostLabel, ...left(2), at(minutes(2))));
      expectHealthy(emptyEndpoints, aRollout(lostLabel, ...left(3), at(minutes(2))));
    });

    it("has lost nothing by this rollout when it selects the new pods: they are on their way", () => {
      expectHealthy(emptyEndpoints, aRollout(...left(1), at(minutes(2))));
    });
  });

  it("counts a Service that sends to a port which no container has by name any more", () => {
    const byName = withService({
      readyEndpoints: 0,
      emptySinceAt: later(seconds(8)),
      ports: [{ port: 80, targetPort: "http" }],
    });
    const renamed = changing(appWith({ ports: [{ name: "web", port: 8080 }] }));
    expectPending(emptyEndpoints, aRollout(renamed, byName, at(seconds(22))), seconds(23));
    const scene = aRollout(renamed, byName, at(seconds(23)));
    const finding = expectFailing(emptyEndpoints, "EmptyEndpoints", scene);
    expect(finding.message).to.contain("it sends to port http, which no container of the new pods has");
  });

  describe("a Service that sends to several ports", () => {
    const both = [
      { name: "http", port: 8080 },
      { name: "grpc", port: 9090 },
    ];
    const had = withOldReferences(appWith({ ports: both }));
    const without = changing(appWith({ ports: [{ name: "http", port: 8080 }] }));
    const having = (grpc: number) =>
      withService({
        ports: [
          { port: 80, targetPort: "http" },
          { port: 90, targetPort: "grpc" },
        ],
        ...(grpc < 3 && { partialPorts: [{ targetPort: "grpc", readyEndpoints: grpc }] }),
      });

    it("has lost one when the release took its name away, and at most half of the endpoints still have it", () => {
      expectPending(emptyEndpoints, aRollout(had, without, having(0), at(seconds(19))), seconds(20));
      const scene = aRollout(had, without, having(0), at(seconds(20)));
      const finding = expectFailing(emptyEndpoints, "EmptyEndpoints", scene);
      expect(finding.message).to.equal(
        "3 of 3 pods are ready, but Service checkout has no endpoints for port grpc: no container of the new pods has this port",
      );
      expect(finding.evidence[0]).to.equal(
        "Service checkout: 3 ready endpoints, 0 with port grpc, selector app=checkout,tier=backend",
      );
      const one = expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(had, without, having(1)));
      expect(one.message).to.contain("has only 1 endpoint left for port grpc");
      expectHealthy(emptyEndpoints, aRollout(had, without, having(2)));
    });

    it("has lost none that the old pods did not have either, or that somebody else gives the new pods", () => {
      expectHealthy(emptyEndpoints, aRollout(without, having(0)));
      // An injected container has it: the slices say so.
      expectHealthy(emptyEndpoints, aRollout(had, without, having(3)));
      expectHealthy(emptyEndpoints, aRollout(had, changing(appWith({ ports: both })), having(0)));
    });
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
