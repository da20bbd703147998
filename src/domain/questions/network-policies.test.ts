import { expect } from "chai";
import { labels } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { changing } from "../testing/facts.ts";
import { aFirstRollout, aRollout } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { networkIn, networkPoliciesQuestion } from "./network-policies.ts";
import { withAnswers } from "./with-answers.ts";

const lostTier = changing(labels({ app: "checkout" }));

describe("networkPoliciesQuestion", () => {
  it("is asked only about a rollout that changed labels", () => {
    const asks = (scene: ReturnType<typeof aRollout>) =>
      networkPoliciesQuestion(rolloutIn(scene)) !== undefined;
    expect(asks(aRollout(lostTier))).to.equal(true);
    expect(asks(aRollout(changing(labels({ app: "checkout", tier: "backend", v: "2" }))))).to.equal(true);
    expect(asks(aRollout())).to.equal(false);
    expect(asks(aFirstRollout(lostTier))).to.equal(false);
  });

  it("has no network as its answer while nobody can say", () => {
    const snapshot = snapshotOf(aRollout(lostTier));
    expect(networkIn(snapshot)).to.equal(undefined);
    const unavailable = { networkPolicies: { at: 0, unavailable: "forbidden" } };
    expect(networkIn(withAnswers(snapshot, unavailable))).to.equal(undefined);
    const network = { policies: [], neighbours: [] };
    expect(networkIn(withAnswers(snapshot, { networkPolicies: { at: 0, value: network } }))).to.equal(
      network,
    );
  });
});
