import { expect } from "chai";
import { aRevision, GOOD, NEW } from "../testing/a-revision.ts";
import { extraContainer } from "../testing/a-template.ts";
import { withOthers, withWorkload } from "../testing/facts.ts";
import { T0 } from "../testing/instants.ts";
import { aRollout, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { capital, currentRevision, nameRevision, referenceTo } from "./revisions.ts";

function currentIn(...facts: readonly Fact[]) {
  const { workload, revisions } = snapshotOf(aRollout(...facts));
  return workload && currentRevision(workload, revisions)?.hash;
}

describe("currentRevision", () => {
  it("is the one made from the Deployment's template, whatever its number", () => {
    expect(currentIn()).to.equal(NEW.hash);
    expect(currentIn(withWorkload({ templateKey: GOOD.templateKey }))).to.equal(GOOD.hash);
  });

  it("is the oldest of equals, as the Deployment controller chooses", () => {
    const twin = aRevision("twin", 9, { templateKey: NEW.templateKey, createdAt: T0 - 1 });
    expect(currentIn(withOthers(twin, GOOD))).to.equal("twin");
  });

  it("is none while its ReplicaSet is not there, or is being deleted", () => {
    expect(currentIn(withWorkload({ templateKey: "newer" }))).to.equal(undefined);
    expect(currentIn((scene) => ({ ...scene, current: { ...NEW, isDeleting: true } }))).to.equal(undefined);
  });
});

describe("how a revision is named", () => {
  it("has its number for people and its hash for certainty", () => {
    expect(nameRevision(GOOD)).to.equal("revision 1 (5d8f6c7b94)");
  });

  it("begins a sentence with a capital letter", () => {
    expect(capital(nameRevision(GOOD))).to.equal("Revision 1 (5d8f6c7b94)");
  });

  it("has the images of what runs: init containers are over", () => {
    const revision = aRevision(
      "c",
      5,
      {},
      extraContainer("migrate", "init"),
      extraContainer("proxy", "sidecar"),
    );
    expect(referenceTo(revision)).to.deep.equal({
      hash: "c",
      revision: 5,
      images: ["registry.example/proxy:1", "registry.example/checkout:1"],
    });
  });
});
