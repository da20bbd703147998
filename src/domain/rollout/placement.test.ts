import { expect } from "chai";
import { appWith, scheduling } from "../testing/a-template.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { changing, withReferences } from "../testing/facts.ts";
import { aFirstRollout, aRollout, type Fact, type Scene } from "../testing/scene.ts";
import { isAboutPlacement, isPlacementChanged, isWhereChanged } from "./placement.ts";

describe("isPlacementChanged", () => {
  const isIn = (scene: Scene) => isPlacementChanged(rolloutIn(scene));

  it("is so when the release asks something else of a node than the good revision", () => {
    expect(isIn(aRollout(changing(scheduling("asks for a lot"))))).to.equal(true);
    expect(isIn(aRollout())).to.equal(false);
    expect(isIn(aRollout(withReferences(scheduling("asks for a lot"))))).to.equal(false);
  });

  it("is not so where there is nothing to compare with", () => {
    expect(isIn(aFirstRollout(changing(scheduling("asks for a lot"))))).to.equal(false);
  });
});

describe("isWhereChanged", () => {
  const isIn = (...facts: readonly Fact[]) => isWhereChanged(rolloutIn(aRollout(...facts)));
  const other = changing(scheduling("something else"));

  it("is so when selectors, affinity, tolerations, spread or ports differ", () => {
    for (const field of ["nodeSelector", "affinity", "tolerations", "topologySpreadConstraints"]) {
      const elsewhere = changing((template) => ({ ...template, otherFields: { [field]: 1 } }));
      expect(isIn(other, elsewhere), field).to.equal(true);
    }
    expect(isIn(other, changing(appWith({ knownFields: { ports: 1 } })))).to.equal(true);
  });

  it("is not so when only requests differ, or nothing that scheduling depends on", () => {
    expect(isIn(other)).to.equal(false);
    expect(isIn(changing(appWith({ knownFields: { ports: 1 } })))).to.equal(false);
  });
});

describe("isAboutPlacement", () => {
  it("knows the reasons of kubelets by which a scheduler goes too", () => {
    for (const reason of ["OutOfcpu", "OutOfpods", "NodeAffinity", "UnexpectedAdmissionError"]) {
      expect(isAboutPlacement(reason), reason).to.equal(true);
    }
    for (const reason of ["SysctlForbidden", "AppArmor", "PodOSNotSupported", "Evicted", undefined]) {
      expect(isAboutPlacement(reason), reason).to.equal(false);
    }
  });
});
