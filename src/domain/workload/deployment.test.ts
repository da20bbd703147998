import { expect } from "chai";
import type { WorkloadView } from "../snapshot/workload.ts";
import { notReadyYet } from "../testing/a-pod.ts";
import { aRevision, GOOD, NEW } from "../testing/a-revision.ts";
import {
  deadlineExceededAt,
  refusedSince,
  wanting,
  withOthers,
  withPods,
  withWorkload,
} from "../testing/facts.ts";
import { later, seconds, T0 } from "../testing/instants.ts";
import { aRollout, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { deploymentRules } from "./deployment.ts";

const unseen = withWorkload({ generation: 5 });

function deploymentIn(...facts: readonly Fact[]): WorkloadView {
  const { workload } = snapshotOf(aRollout(...facts));
  if (!workload) throw new Error("the scene has no workload");
  return workload;
}

function currentIn(...facts: readonly Fact[]) {
  const { workload, revisions } = snapshotOf(aRollout(...facts));
  return workload && deploymentRules.currentRevision(workload, revisions)?.hash;
}

describe("the current revision of a Deployment", () => {
  it("is the one made from the Deployment's template, whatever its number", () => {
    expect(currentIn()).to.equal(NEW.hash);
    expect(currentIn(withWorkload({ templateKey: GOOD.templateKey }))).to.equal(GOOD.hash);
  });

  it("is the oldest of equals, as the Deployment controller chooses", () => {
    const twin = aRevision("twin", 9, { templateKey: NEW.templateKey, createdAt: T0 - 1 });
    expect(currentIn(withOthers(twin, GOOD))).to.equal("twin");
  });

  describe("where no template is equal, as API servers of different versions set different defaults", () => {
    const defaulted = { templateKey: "the new one with another default", revision: NEW.revision };

    it("is the one with the Deployment's number", () => {
      expect(currentIn(withWorkload(defaulted))).to.equal(NEW.hash);
      expect(currentIn(withWorkload({ ...defaulted, revision: GOOD.revision }))).to.equal(GOOD.hash);
    });

    it("is none until the controller has seen the present template", () => {
      expect(currentIn(withWorkload(defaulted), unseen)).to.equal(undefined);
      expect(currentIn(withWorkload({ ...defaulted, revision: undefined }))).to.equal(undefined);
      expect(currentIn(withWorkload({ ...defaulted, revision: 3 })), "its ReplicaSet comes later").to.equal(
        undefined,
      );
    });

    for (const [when, changes] of Object.entries({
      "the template was changed while the Deployment is paused": { isPaused: true },
      "the old pods have to go before, with the strategy Recreate": { strategy: "Recreate" },
    } as const)) {
      it(`is none where ${when}: it has no ReplicaSet yet`, () => {
        const other = { ...defaulted, ...changes };
        expect(currentIn(withWorkload({ ...other, updatedReplicas: 0 }))).to.equal(undefined);
        expect(currentIn(withWorkload({ ...other, updatedReplicas: 3 }))).to.equal(NEW.hash);
      });
    }

    it("is none where two have that number", () => {
      const twin = aRevision("twin", NEW.revision);
      expect(currentIn(withWorkload(defaulted), withOthers(twin, GOOD))).to.equal(undefined);
    });
  });

  it("is none while its ReplicaSet is not there, or is being deleted", () => {
    expect(currentIn(withWorkload({ templateKey: "newer" }))).to.equal(undefined);
    expect(currentIn((scene) => ({ ...scene, current: { ...NEW, isDeleting: true } }))).to.equal(undefined);
  });
});

describe("a Deployment", () => {
  it("is fully available when all its pods are new and available, and its controller has counted them", () => {
    const isFull = (...facts: readonly Fact[]) => deploymentRules.isAvailable(deploymentIn(...facts), 1);
    expect(isFull()).to.equal(true);
    expect(isFull(unseen)).to.equal(false);
    expect(isFull(withPods(3, notReadyYet))).to.equal(false);
    for (const count of ["replicas", "updatedReplicas", "availableReplicas"])
      expect(isFull(withWorkload({ [count]: 2 })), count).to.equal(false);
  });

  it("is complete since when its controller says so of the present template", () => {
    const { completedAt } = deploymentRules;
    const at = deploymentIn().conditions.find(({ type }) => type === "Progressing")?.updatedAt;
    expect(completedAt(deploymentIn())).to.equal(at).and.to.be.a("number");
    expect(completedAt(deploymentIn(unseen))).to.equal(undefined);
    expect(completedAt(deploymentIn(withPods(3, notReadyYet)))).to.equal(undefined);
  });

  it("stalls when its controller gives up on the present template", () => {
    const { stall } = deploymentRules;
    expect(stall(deploymentIn())).to.equal(undefined);
    const exceeded = deadlineExceededAt(later(seconds(600)));
    expect(stall(deploymentIn(exceeded))?.sinceAt).to.equal(later(seconds(600)));
    expect(stall(deploymentIn(exceeded, unseen))).to.equal(undefined);
  });

  it("has its pods refused as its ReplicaSet says", () => {
    const { workload, revisions } = snapshotOf(
      aRollout(refusedSince(later(seconds(3)), "exceeded quota: team")),
    );
    const of = (hash: string) => {
      const revision = revisions.find((one) => one.hash === hash);
      return workload && revision && deploymentRules.refusedPods(workload, revision);
    };
    expect(of(NEW.hash)).to.include({ sinceAt: later(seconds(3)), message: "exceeded quota: team" });
    expect(of(GOOD.hash)).to.equal(undefined);
  });

  it("is available enough with a share of its pods, but not without any", () => {
    const one = deploymentIn(withWorkload({ availableReplicas: 1 }));
    expect(deploymentRules.isAvailable(one, 0.5)).to.equal(true);
    expect(deploymentRules.isAvailable(one, 0.9)).to.equal(false);
    expect(deploymentRules.isAvailable({ ...one, availableReplicas: 0 }, 0.1)).to.equal(false);
  });

  it("has a health outside of rollouts only, by its controller's word", () => {
    const { settledHealth } = deploymentRules;
    const condition = (type: string, status: "True" | "False", reason: string, transitionAt: number) => ({
      type,
      status,
      reason,
      message: "",
      transitionAt,
      updatedAt: transitionAt,
    });
    const completed = condition("Progressing", "True", "NewReplicaSetAvailable", T0);
    const available = (status: "True" | "False") => condition("Available", status, "", T0 + 1);
    const health = (status: "True" | "False", ...facts: readonly Fact[]) =>
      settledHealth(deploymentIn(withWorkload({ conditions: [completed, available(status)] }), ...facts));
    expect(health("True")).to.deep.equal({ isAvailable: true, changedAt: T0 + 1, completedAt: T0 });
    expect(health("False")?.isAvailable).to.equal(false);
    expect(health("False", unseen), "not observed").to.equal(undefined);
    expect(health("False", wanting(0)), "no pods").to.equal(undefined);
    expect(health("False", withWorkload({ updatedReplicas: 1 })), "in a rollout").to.equal(undefined);
  });

  it("adds pods in a rollout, but for Recreate", () => {
    const { withoutSurge } = deploymentRules;
    expect(withoutSurge(deploymentIn())).to.deep.equal({
      strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    });
    expect(withoutSurge(deploymentIn(withWorkload({ strategy: "Recreate" })))).to.equal(undefined);
  });
});
