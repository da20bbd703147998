import { expect } from "chai";
import { emptyEndpoints } from "../checks/empty-endpoints.ts";
import { servicesToRemember } from "../rollout/services.ts";
import { lackingServices } from "../rollout/serving.ts";
import { labels } from "../testing/a-template.ts";
import { expectFailing, expectHealthy, rolloutIn } from "../testing/expect-verdict.ts";
import {
  andService,
  changing,
  withOldReferences,
  withReferences,
  withSpec,
  withStatus,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";

const APP = { app: "checkout", tier: "backend" };

/** A release that changes the label from one value to another. */
function relabelling(label: string, former: string, present: string): Fact {
  const all: readonly Fact[] = [
    withReferences(labels({ ...APP, [label]: former })),
    withOldReferences(labels({ ...APP, [label]: former })),
    changing(labels({ ...APP, [label]: present })),
  ];
  return (scene) => all.reduce((changed, fact) => fact(changed), scene);
}

/** A Service that had three endpoints until eight seconds into the rollout. */
const emptied = (name: string, selector: Readonly<Record<string, string>>) =>
  andService(name, {
    selector,
    readyEndpoints: 0,
    emptySinceAt: later(seconds(8)),
    sawLoss: true,
    changes: [
      { at: earlier(minutes(30)), ready: 3 },
      { at: later(seconds(8)), ready: 0 },
    ],
  });
const gaining = (name: string, selector: Readonly<Record<string, string>>, readyEndpoints = 3) =>
  andService(name, {
    selector,
    readyEndpoints,
    changes: [
      { at: earlier(minutes(30)), ready: 0 },
      { at: later(seconds(8)), ready: readyEndpoints },
    ],
  });
const hadBoth = withStatus({
  services: [
    { name: "checkout", endpoints: 3 },
    { name: "checkout-v1", endpoints: 3 },
  ],
});
const toV2 = relabelling("version", "v1", "v2");
const v1 = { ...APP, version: "v1" };
const v2 = { ...APP, version: "v2" };

function lossIn(...facts: readonly Fact[]): number {
  return rolloutIn(aRollout(...facts)).loss.share;
}

describe("Services of one version each", () => {
  it("are not lost when a release leaves one for another: whatever the label is called, and its value", () => {
    const family = [emptied("checkout-v1", v1), gaining("checkout-v2", v2)];
    expectHealthy(emptyEndpoints, aRollout(toV2, hadBoth, ...family, at(minutes(3))));
    for (const [label, former, present] of [
      ["app.kubernetes.io/version", "1.4.2", "1.5.0"],
      ["release", "blue", "green"],
      ["example.com/api", "v1beta1", "v2"],
    ] as const) {
      const scene = aRollout(
        relabelling(label, former, present),
        emptied("former", { app: "checkout", [label]: former }),
        gaining("present", { app: "checkout", [label]: present }),
        at(minutes(3)),
      );
      expectHealthy(emptyEndpoints, scene);
    }
  });

  it("are not lost where only a Service for all versions is left, if the emptied one's name says its version", () => {
    expectHealthy(
      emptyEndpoints,
      aRollout(toV2, hadBoth, emptied("checkout-v1", { app: "checkout", version: "v1" }), at(minutes(3))),
    );
  });

  it("make no loss of service, neither half-way nor at the end, and keep nothing from being good", () => {
    const halfWay = [
      andService("checkout-v1", { selector: v1, readyEndpoints: 1, changes: [{ at: 0, ready: 1 }] }),
      gaining("checkout-v2", v2, 2),
    ];
    expect(lossIn(toV2, hadBoth, ...halfWay)).to.equal(0);
    const end = [toV2, hadBoth, emptied("checkout-v1", v1), gaining("checkout-v2", v2)];
    expect(lossIn(...end)).to.equal(0);
    expect(lackingServices(rolloutIn(aRollout(...end)))).to.deep.equal([]);
  });

  it("have lost what all of them together lack", () => {
    const less = [
      andService("checkout-v1", { selector: v1, readyEndpoints: 0 }),
      gaining("checkout-v2", v2, 1),
    ];
    expect(lossIn(toV2, hadBoth, ...less)).to.be.closeTo(2 / 3, 0.01);
    expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(toV2, hadBoth, ...less, at(minutes(3))));
  });

  it("are remembered only while they are those of the version that runs", () => {
    const rollout = rolloutIn(
      aRollout(toV2, hadBoth, emptied("checkout-v1", v1), gaining("checkout-v2", v2)),
    );
    const kept = servicesToRemember(rollout.snapshot, rollout, "well");
    expect(kept.map(({ name }) => name)).to.deep.equal(["checkout", "checkout-v2"]);
    // While the next rollout is measured, the former version's Service has nothing to lose any more.
    expect(lossIn(toV2, withStatus({ services: [...kept] }), gaining("checkout-v2", v2))).to.equal(0);
  });

  it("count by what the guard names", () => {
    const both = [emptied("checkout-v1", v1), gaining("checkout-v2", v2), at(minutes(3))];
    const named = withSpec({ services: ["checkout-v1", "checkout-v2"] });
    expectHealthy(emptyEndpoints, aRollout(toV2, hadBoth, named, ...both));
    const onlyOne = withSpec({ services: ["checkout-v1"] });
    expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(toV2, hadBoth, onlyOne, ...both));
  });

  describe("are not mistaken for", () => {
    const lost = (relabels: Fact, ...services: readonly Fact[]) =>
      expectFailing(emptyEndpoints, "EmptyEndpoints", aRollout(relabels, ...services, at(minutes(3))));

    it("a Service that the release forgot to point at the new version, though another has its endpoints", () => {
      lost(toV2, emptied("web", v1), gaining("metrics", { app: "checkout" }));
    });

    it("the Service of another workload, whose label the new pods got by mistake", () => {
      const toFrontend = relabelling("layer", "backend", "frontend");
      lost(
        toFrontend,
        emptied("shop-backend", { app: "checkout", layer: "backend" }),
        gaining("shop-frontend", { app: "checkout", layer: "frontend" }),
      );
      const toShard = relabelling("shard", "1", "2");
      lost(
        toShard,
        emptied("shop-1", { app: "checkout", shard: "1" }),
        gaining("shop-2", { app: "checkout", shard: "2" }),
      );
    });

    it("one whose version label is gone from the pods", () => {
      const without: Fact = (scene) =>
        changing(labels(APP))(withOldReferences(labels({ ...APP, version: "v1" }))(scene));
      lost(without, emptied("checkout-v1", { app: "checkout", version: "v1" }));
    });
  });
});
