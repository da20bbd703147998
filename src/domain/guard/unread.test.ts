import { expect } from "chai";
import type { Surroundings } from "../snapshot/surroundings.ts";
import type { UnreadResource } from "../snapshot/unread.ts";
import { crashed, notReadyYet } from "../testing/a-pod.ts";
import { GOOD } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { decisionIn, effectsOf, expectRollback, statusAfter } from "../testing/expect-decision.ts";
import {
  crashing,
  losingService,
  refusedSince,
  withIncidents,
  withoutWorkload,
  withPods,
  withStatus,
  withSurroundings,
  withWorkload,
} from "../testing/facts.ts";
import { earlier, later, minutes, seconds } from "../testing/instants.ts";
import {
  aRestoredWorkload,
  aRollout,
  aSettledWorkload,
  at,
  type Fact,
  type Scene,
} from "../testing/scene.ts";

const why = "RolloutGuard has no permission to list it.";
const PODS: UnreadResource = { need: "pods", resource: "pods", why };
const SLICES: UnreadResource = { need: "endpoints", resource: "endpointslices", why };
const DEPLOYMENTS: UnreadResource = { need: "workload", resource: "deployments", why };
const REVISIONS: UnreadResource = { need: "workload", resource: "replicasets", why };

const unread = (...resources: readonly UnreadResource[]): Fact => {
  const surroundings: Partial<Surroundings> = { unread: resources };
  return withSurroundings(surroundings);
};
const withoutServices: Fact = (scene) => given(scene);

function given(scene: Scene): Scene {
  return { ...scene, services: [] };
}

const readyIn = (scene: Scene) => statusAfter(scene).conditions?.find(({ type }) => type === "Ready");

describe("what cannot be read", () => {
  it("makes the guards that need it not Ready, with its name and the reason", () => {
    const ready = readyIn(aSettledWorkload(unread(PODS, SLICES)));
    expect(ready).to.include({ status: "False", reason: "CannotRead" });
    expect(ready?.message).to.contain("pods, endpointslices").and.to.contain(why);
    expect(readyIn(aSettledWorkload())).to.include({ status: "True", reason: "Watching" });
  });

  it("is said although status waits for the revision of a new template, which would be read with it", () => {
    const scene = aSettledWorkload(withWorkload({ templateKey: "template of nobody" }));
    expect(statusAfter(scene)).to.equal(scene.guard.status);
    const { conditions, ...said } = statusAfter(unread(REVISIONS)(scene));
    expect(conditions?.find(({ type }) => type === "Ready")?.reason).to.equal("CannotRead");
    const { revisions, current, services } = scene.guard.status;
    expect(said).to.deep.include({ revisions, current, services });
  });

  it("is said before that there is no workload, which nobody can know then", () => {
    expect(readyIn(aSettledWorkload(withoutWorkload))).to.include({
      status: "False",
      reason: "TargetNotFound",
    });
    expect(readyIn(aSettledWorkload(withoutWorkload, unread(DEPLOYMENTS)))?.reason).to.equal("CannotRead");
    expect(readyIn(aSettledWorkload(withoutWorkload, unread(PODS)))?.reason).to.equal("TargetNotFound");
  });

  it("leaves a guard Ready that has no Service, when it is endpoints", () => {
    expect(readyIn(aSettledWorkload(withoutServices, unread(SLICES)))).to.include({ status: "True" });
    expect(readyIn(aSettledWorkload(withoutServices, unread(PODS)))).to.include({ status: "False" });
  });

  const GO_ON: Record<string, readonly Fact[]> = {
    "pods that are refused, without pods": [
      refusedSince(later(seconds(1)), "violates PodSecurity"),
      withPods(0),
      withoutServices,
      unread(PODS),
    ],
    "crashes while nobody is hurt, without endpoints": [
      withPods(3, crashed({ restarts: 4 })),
      at(minutes(10)),
      unread(SLICES),
    ],
  };
  for (const [what, facts] of Object.entries(GO_ON)) {
    it(`keeps no rollout from being undone for ${what}`, () => {
      expectRollback(aRollout(...facts), GOOD);
    });
  }

  const WAIT: Record<string, Scene> = {
    "crashes, without pods": aRollout(crashing, unread(PODS)),
    "crashes that are urgent only for the lost service, without endpoints": aRollout(
      crashing,
      unread(SLICES),
    ),
    "pods that are not ready, without revisions": aRollout(
      losingService,
      withPods(3, notReadyYet),
      unread(REVISIONS),
    ),
    "service that is back, without endpoints": aRestoredWorkload(
      withIncidents(anIncident({ phase: "Verifying", sentAt: earlier(0) })),
      at(minutes(10)),
      unread(SLICES),
    ),
  };
  for (const [what, scene] of Object.entries(WAIT)) {
    it(`has nothing said or done about ${what}, and the guard says why`, () => {
      const reported = { ...scene, guard: withStatus({ phase: "Progressing" })(scene).guard };
      const decision = decisionIn(reported);
      expect(effectsOf(decision, "change")).to.deep.equal([]);
      expect(effectsOf(decision, "openIncident")).to.deep.equal([]);
      expect(effectsOf(decision, "updateIncident")).to.deep.equal([]);
      expect(readyIn(reported)).to.include({ status: "False", reason: "CannotRead" });
      expect(statusAfter(reported).phase).to.equal("Progressing");
    });
  }

  it("lets no revision become good", () => {
    const baked = aRollout(at(minutes(30)));
    const verdict = (scene: Scene) =>
      statusAfter(scene).revisions?.find(({ hash }) => hash === scene.current.hash)?.verdict;
    expect(verdict(baked)).to.equal("Good");
    expect(verdict(aRollout(at(minutes(30)), unread(PODS)))).not.to.equal("Good");
  });
});
