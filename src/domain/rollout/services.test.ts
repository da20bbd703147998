import { expect } from "chai";
import type { ServiceView } from "../snapshot/service.ts";
import { GOOD } from "../testing/a-revision.ts";
import { labels } from "../testing/a-template.ts";
import { anIncident } from "../testing/an-incident.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andService, changing, withIncidents, withService, withSpec, withStatus } from "../testing/facts.ts";
import { aFirstRollout, aRollout, type Fact, type Scene } from "../testing/scene.ts";
import {
  boundServices,
  hasServed,
  selects,
  servicesHave,
  servicesToRemember,
  unmatchedLabels,
} from "./services.ts";

function boundIn(scene: Scene): readonly string[] {
  const { snapshot, revision, baseline } = rolloutIn(scene);
  return boundServices(snapshot, revision, baseline).map(({ name }) => name);
}

const selector = { app: "checkout", tier: "backend" };
const service = { name: "checkout", selector, isExternalName: false, ports: [], readyEndpoints: 0 };

describe("boundServices", () => {
  it("takes those that selected the pods of the good revision, though the new pods lost the label", () => {
    expect(boundIn(aRollout(changing(labels({ app: "checkout" }))))).to.deep.equal(["checkout"]);
  });

  it("takes no others", () => {
    expect(boundIn(aRollout(andService("payment")))).to.deep.equal(["checkout"]);
  });

  it("takes those that are remembered from before the rollout", () => {
    const names = ["checkout", "payment", "gone"];
    const remembered = withStatus({ services: names.map((name) => ({ name, endpoints: 1 })) });
    expect(boundIn(aRollout(andService("payment"), remembered))).to.deep.equal(["checkout", "payment"]);
  });

  it("takes those that select the new pods when there was nothing before", () => {
    const moved = changing(labels({ app: "payment" }));
    const scene = aFirstRollout(moved, andService("payment"), withStatus({ services: [] }));
    expect(boundIn(scene)).to.deep.equal(["payment"]);
  });

  it("takes just those that the guard names, with a selector or without", () => {
    const named = withSpec({ services: ["manual"] });
    expect(boundIn(aRollout(named, andService("manual", { selector: {} })))).to.deep.equal(["manual"]);
  });

  it("takes no Service without selector, and no ExternalName, by itself", () => {
    const scene = aRollout(
      andService("manual", { selector: {} }),
      andService("external", { selector, isExternalName: true }),
    );
    expect(boundIn(scene)).to.deep.equal(["checkout"]);
  });
});

describe("servicesToRemember", () => {
  type State = Parameters<typeof servicesToRemember>[2];

  function keptIn(state: State, ...facts: readonly Fact[]): readonly string[] {
    const rollout = rolloutIn(aRollout(...facts));
    const services = servicesToRemember(rollout.snapshot, rollout, state);
    return services.map(({ name, endpoints }) => `${name} ${endpoints}`);
  }

  it("takes those that serve, with the endpoints that they have now", () => {
    const more = andService("internal", { selector: { app: "checkout" }, readyEndpoints: 7 });
    for (const state of ["well", "settled"] as const) {
      expect(keptIn(state, more), state).to.deep.equal(["checkout 3", "internal 7"]);
    }
  });

  it("keeps what is remembered while all is not well", () => {
    const more = andService("internal", { selector: { app: "checkout" }, readyEndpoints: 7 });
    expect(keptIn("other", more, withService({ readyEndpoints: 9 }))).to.deep.equal(["checkout 3"]);
  });

  it("takes more at once, and fewer only when nothing has moved for a while: endpoints are counted late", () => {
    expect(keptIn("well", withService({ readyEndpoints: 5 }))).to.deep.equal(["checkout 5"]);
    expect(keptIn("well", withService({ readyEndpoints: 1 }))).to.deep.equal(["checkout 3"]);
    expect(keptIn("settled", withService({ readyEndpoints: 1 }))).to.deep.equal(["checkout 1"]);
  });

  it("keeps one that has no endpoint: it can be lost", () => {
    expect(keptIn("settled", withService({ readyEndpoints: 0 }))).to.deep.equal(["checkout 3"]);
  });

  it("does not learn one that has never had an endpoint, whatever it selects", () => {
    const metrics = andService("metrics", { selector: { app: "checkout" }, readyEndpoints: 0 });
    expect(keptIn("well", metrics)).to.deep.equal(["checkout 3"]);
  });

  it("forgets one that is gone, once all is well", () => {
    const both = withStatus({
      services: [
        { name: "checkout", endpoints: 3 },
        { name: "gone", endpoints: 3 },
      ],
    });
    expect(keptIn("other", both)).to.deep.equal(["checkout 3", "gone 3"]);
    expect(keptIn("well", both)).to.deep.equal(["checkout 3"]);
  });

  it("remembers no more than the status may hold", () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      andService(`s${index}`, { selector: { app: "checkout" }, readyEndpoints: 1 }),
    );
    expect(keptIn("well", ...many)).to.have.length(50);
  });
});

describe("hasServed", () => {
  const never = { ...service, name: "metrics" };
  const served = (changes: Partial<ServiceView>, ...facts: readonly Fact[]) =>
    hasServed(rolloutIn(aRollout(...facts)).snapshot, { ...never, ...changes });

  it("is so of a Service that is named, remembered, or seen with an endpoint", () => {
    expect(served({}, withSpec({ services: ["metrics"] }))).to.equal(true);
    expect(served({}, withStatus({ services: [{ name: "metrics", endpoints: 1 }] }))).to.equal(true);
    expect(served({ readyEndpoints: 1 })).to.equal(true);
    expect(served({ sawLoss: true })).to.equal(true);
    const gone = [
      { at: 1, ready: 1 },
      { at: 2, ready: 0 },
    ];
    expect(served({ changes: gone })).to.equal(true);
  });

  it("is so of a Service that an open Incident found empty: that outlives the guard that saw the loss", () => {
    const found = (phase: "Held" | "Superseded") =>
      withIncidents(anIncident({ phase, emptyService: "metrics" }));
    expect(served({}, found("Held"))).to.equal(true);
    expect(served({ name: "payment" }, found("Held"))).to.equal(false);
    expect(served({}, found("Superseded"))).to.equal(false);
  });

  it("is not so of any other, however well its selector matches", () => {
    expect(served({})).to.equal(false);
    expect(served({ sawLoss: false, changes: [{ at: 1, ready: 0 }], emptySinceAt: 1 })).to.equal(false);
  });
});

describe("selects", () => {
  it("asks for every label of the selector, and for no other", () => {
    expect(selects(service, { ...selector, version: "2" })).to.equal(true);
    expect(selects(service, { app: "checkout" })).to.equal(false);
    expect(selects(service, { ...selector, tier: "frontend" })).to.equal(false);
  });

  it("admits nothing without a selector", () => {
    expect(selects({ ...service, selector: {} }, selector)).to.equal(false);
  });
});

describe("unmatchedLabels", () => {
  it("names what the pods lack, as a person writes it", () => {
    expect(unmatchedLabels(service, { app: "checkout", tier: "frontend" })).to.deep.equal(["tier=backend"]);
    expect(unmatchedLabels(service, GOOD.template.labels)).to.deep.equal([]);
  });
});

describe("a sentence about Services", () => {
  it("has its verb in the right number", () => {
    expect(servicesHave([{ name: "a" }])).to.equal("Service a has");
    expect(servicesHave([{ name: "a" }, { name: "b" }])).to.equal("Services a, b have");
  });
});
