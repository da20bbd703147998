import { expect } from "chai";
import fc from "fast-check";
import type { ServiceView } from "../snapshot/service.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andService, wanting, withOldPods, withPods, withService, withStatus } from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, type Fact } from "../testing/scene.ts";
import { endpointsBefore, lossOf, lostEndpointSeconds } from "./loss.ts";

const NOTHING = { share: 0, sinceAt: 0 };

function lossIn(...facts: readonly Fact[]) {
  const { snapshot, services, workload, wanted } = rolloutIn(aRollout(...facts));
  return lossOf(snapshot.guard.status, services, workload, wanted);
}

describe("endpointsBefore", () => {
  const status = { services: [{ name: "checkout", endpoints: 6 }] };
  const checkout = { name: "checkout" };

  it("is what is remembered of a Service, and nothing for one that is not known to have served", () => {
    expect(endpointsBefore(status, checkout, 6)).to.equal(6);
    expect(endpointsBefore(status, { name: "metrics" }, 6)).to.equal(undefined);
    expect(endpointsBefore({}, checkout, 6)).to.equal(undefined);
  });

  it("is no more than what is desired now: scaling down takes nothing from anybody", () => {
    expect(endpointsBefore(status, checkout, 2)).to.equal(2);
    expect(endpointsBefore(status, checkout, 9)).to.equal(6);
    expect(endpointsBefore(status, checkout, 0)).to.equal(1);
  });
});

describe("lossOf", () => {
  it("is nothing while every Service has as many endpoints as before, or more", () => {
    expect(lossIn()).to.deep.equal(NOTHING);
    expect(lossIn(withService({ readyEndpoints: 5 }))).to.deep.equal(NOTHING);
  });

  it("is the share of its endpoints that a Service has lost", () => {
    expect(lossIn(withService({ readyEndpoints: 0 })).share).to.equal(1);
    expect(lossIn(withService({ readyEndpoints: 1 })).share).to.be.closeTo(2 / 3, 0.001);
    expect(lossIn(withService({ readyEndpoints: 2 })).share).to.be.closeTo(1 / 3, 0.001);
  });

  it("is that of the Service that lost most", () => {
    const both = withStatus({
      services: [
        { name: "checkout", endpoints: 3 },
        { name: "internal", endpoints: 3 },
      ],
    });
    const internal = andService("internal", { selector: { app: "checkout" }, readyEndpoints: 1 });
    expect(lossIn(both, internal).share).to.be.closeTo(2 / 3, 0.001);
  });

  it("does not count a Service that is not known to have served", () => {
    const metrics = andService("metrics", { selector: { app: "checkout" }, readyEndpoints: 0 });
    expect(lossIn(metrics)).to.deep.equal(NOTHING);
  });

  it("does not count what an autoscaler wants since the rollout began, nor what it wants no more", () => {
    expect(lossIn(wanting(30), withPods(3)).share).to.equal(0);
    const two = [wanting(2), withPods(2), withOldPods(0)];
    expect(lossIn(...two)).to.deep.equal(NOTHING);
  });

  it("began when the number last fell below what it was, as far as anybody saw", () => {
    const changes = [
      { at: earlier(minutes(9)), ready: 2 },
      { at: earlier(minutes(8)), ready: 3 },
      { at: later(seconds(10)), ready: 2 },
      { at: later(seconds(20)), ready: 1 },
    ];
    expect(lossIn(withService({ readyEndpoints: 1, changes })).sinceAt).to.equal(later(seconds(10)));
    expect(lossIn(withService({ readyEndpoints: 1 })).sinceAt).to.equal(0);
  });

  describe("of a workload that no Service is known to have served", () => {
    const alone = withStatus({ services: [] });

    it("is the share of its desired pods that are not ready", () => {
      expect(lossIn(alone, withOldPods(3), withPods(0))).to.deep.equal(NOTHING);
      expect(lossIn(alone, withOldPods(1), withPods(0)).share).to.be.closeTo(2 / 3, 0.001);
      expect(lossIn(alone, withOldPods(0), withPods(0)).share).to.equal(1);
    });

    it("is nothing where nothing is desired", () => {
      expect(lossIn(alone, wanting(0), withOldPods(0), withPods(0))).to.deep.equal(NOTHING);
    });
  });
});

describe("lostEndpointSeconds", () => {
  const had = (...numbers: readonly (readonly [second: number, ready: number])[]): ServiceView => ({
    name: "checkout",
    selector: {},
    isExternalName: false,
    ports: [],
    readyEndpoints: numbers.at(-1)?.[1] ?? 0,
    changes: numbers.map(([second, ready]) => ({ at: later(seconds(second)), ready })),
  });

  it("sums up, over the endpoints, the time in which there were too few", () => {
    const service = had([0, 3], [10, 2], [20, 0], [30, 3]);
    expect(lostEndpointSeconds(service, 3, later(0), later(minutes(5)))).to.equal(10 * 1 + 10 * 3);
  });

  it("counts what lasts until now, and nothing from before or after the span", () => {
    const service = had([0, 1], [10, 0]);
    expect(lostEndpointSeconds(service, 2, later(seconds(5)), later(seconds(20)))).to.equal(5 * 1 + 10 * 2);
    expect(lostEndpointSeconds(service, 2, later(seconds(5)), later(seconds(5)))).to.equal(0);
  });

  it("is nothing for a Service of which nothing was seen", () => {
    const { changes: _none, ...unseen } = had([0, 0]);
    expect(lostEndpointSeconds(unseen, 3, later(0), later(minutes(5)))).to.equal(0);
  });

  it("is the same in one span or in two, and never more than all of them in all of the time", () => {
    const changes = fc.uniqueArray(fc.tuple(fc.nat({ max: 300 }), fc.nat({ max: 5 })), {
      selector: ([second]) => second,
      maxLength: 10,
    });
    fc.assert(
      fc.property(changes, fc.nat({ max: 300 }), (numbers, middle) => {
        const service = had(...numbers.sort(([a], [b]) => a - b));
        const lost = (from: number, until: number) =>
          lostEndpointSeconds(service, 3, later(seconds(from)), later(seconds(until)));
        expect(lost(0, middle) + lost(middle, 300)).to.equal(lost(0, 300));
        expect(lost(0, 300)).to.be.within(0, 900);
      }),
    );
  });
});
