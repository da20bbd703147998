import { expect } from "chai";
import { GOOD } from "../testing/a-revision.ts";
import { labels } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { andService, changing, withSpec, withStatus } from "../testing/facts.ts";
import { aFirstRollout, aRollout, type Scene } from "../testing/scene.ts";
import { boundServices, selects, unmatchedLabels } from "./services.ts";

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
    const remembered = withStatus({ services: ["checkout", "payment", "gone"] });
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
