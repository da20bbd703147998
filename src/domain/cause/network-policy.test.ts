import { expect } from "chai";
import { rolloutOf } from "../rollout/rollout.ts";
import type { LabelSelectorView } from "../snapshot/label-selector.ts";
import type { NetworkPolicyView, NetworkView } from "../snapshot/network.ts";
import { labels } from "../testing/a-template.ts";
import { changing } from "../testing/facts.ts";
import { T0 } from "../testing/instants.ts";
import { aFirstRollout, aRollout, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import type { Cause } from "./cause.ts";
import { asksForPolicies, networkPolicies } from "./network-policy.ts";

const WEB = { name: "web", labels: { app: "web" } };
const GATEWAY = { name: "gateway", labels: { app: "gateway" } };

const selector = (of: LabelSelectorView["labels"]): LabelSelectorView => ({ labels: of, expressions: [] });
function policy(
  name: string,
  pods: LabelSelectorView["labels"],
  ...from: LabelSelectorView["labels"][]
): NetworkPolicyView {
  const ingress = from.length > 0 ? [{ from: from.map((each) => ({ pods: selector(each) })) }] : [];
  return { name, pods: selector(pods), restrictsIngress: true, ingress };
}
const lostTier = changing(labels({ app: "checkout" }));

function told(network: NetworkView, ...facts: readonly Fact[]): readonly Cause[] {
  const scene = aRollout(...facts);
  const rollout = rolloutOf({ ...snapshotOf(scene), network }, scene.now);
  if (!rollout) throw new Error("no rollout");
  const finding = {
    check: "emptyEndpoints",
    verdict: "failing",
    reason: "EmptyEndpoints",
    message: "empty",
    sinceAt: T0,
    evidence: [],
  } as const;
  return networkPolicies({ rollout, finding, now: scene.now });
}

describe("networkPolicies", () => {
  it("tells of callers who were admitted by a label of the pods that they lost", () => {
    const policies = [policy("checkout", { tier: "backend" }, { app: "web" }), policy("deny", {})];
    const [cause, ...others] = told({ policies, neighbours: [WEB, GATEWAY] }, lostTier);
    expect(others).to.deep.equal([]);
    expect(cause).to.include({ class: "NetworkPolicyBlocks", certainty: "Certain" });
    expect(cause?.message)
      .to.contain("Deployment web cannot call")
      .and.contain("tier=backend")
      .and.not.contain("gateway");
  });

  it("tells nothing when nothing restricts the pods any more: everybody may call them then", () => {
    const policies = [policy("checkout", { tier: "backend" }, { app: "web" })];
    expect(told({ policies, neighbours: [] }, lostTier)).to.deep.equal([]);
  });

  it("tells of policies elsewhere that admitted these pods by a label that they lost", () => {
    const policies = [policy("database", { app: "database" }, { tier: "backend" })];
    const [cause] = told({ policies, neighbours: [] }, lostTier);
    expect(cause?.message)
      .to.contain("cannot call those of NetworkPolicy database")
      .and.contain("tier=backend");
    expect(cause?.patch).to.contain('"labels":{"tier":"backend"}');
  });

  it("is sure of a caller in the way only when that caller's settings name the Service", () => {
    const policies = [policy("checkout", { app: "checkout" }, { app: "gateway" })];
    const possible = told({ policies, neighbours: [GATEWAY, WEB] }, lostTier);
    expect(possible[0]?.certainty).to.equal("Unknown");
    expect(possible[0]?.message).to.contain("if they call it");
    const likely = told({ policies, neighbours: [GATEWAY, { ...WEB, namesService: "checkout" }] }, lostTier);
    expect(likely[0]?.certainty).to.equal("Likely");
    expect(likely[0]?.message).to.contain("Deployment web").and.contain("name Service checkout");
  });

  it("does not accuse a policy that admits from other namespaces, or everybody", () => {
    const anywhere = {
      ...policy("checkout", { app: "checkout" }),
      ingress: [{ from: [{ elsewhere: true } as const] }],
    };
    const everybody = { ...policy("checkout", { app: "checkout" }), ingress: [{ from: [] }] };
    for (const one of [anywhere, everybody])
      expect(told({ policies: [one], neighbours: [WEB] }, lostTier)).to.deep.equal([]);
  });
});

describe("asksForPolicies", () => {
  it("holds only for a rollout that changed labels", () => {
    const asks = (scene: ReturnType<typeof aRollout>) => asksForPolicies(snapshotOf(scene), scene.now);
    expect(asks(aRollout(lostTier))).to.equal(true);
    expect(asks(aRollout(changing(labels({ app: "checkout", tier: "backend", v: "2" }))))).to.equal(true);
    expect(asks(aRollout())).to.equal(false);
    expect(asks(aFirstRollout(lostTier))).to.equal(false);
  });
});
