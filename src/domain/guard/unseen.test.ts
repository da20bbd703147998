import { expect } from "chai";
import { decide } from "../decide.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { withStatus } from "../testing/facts.ts";
import { later, minutes, written } from "../testing/instants.ts";
import { aRestoredWorkload, aSettledWorkload, type Scene } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { cannotRead } from "./unread.ts";

const PODS = { need: "pods", resource: "pods", why: "RolloutGuard may not list pods." } as const;
const SAYS = cannotRead([PODS]);

/** The scene's guard, of which nothing else was read. */
function unseen(scene: Scene): Snapshot {
  const { guard, surroundings } = snapshotOf(scene);
  return {
    guard,
    workload: undefined,
    revisions: [],
    pods: [],
    services: [],
    events: [],
    incidents: [],
    surroundings: { ...surroundings, unread: [PODS], isUnseen: true },
  };
}

function statusIn(scene: Scene) {
  const { effects } = decide(unseen(scene), scene.now);
  expect(effects.map(({ type }) => type)).to.deep.equal(["updateGuardStatus"]);
  const [effect] = effects;
  return effect?.type === "updateGuardStatus" ? effect.status : {};
}

describe("a guard of which nothing was read since the operator started", () => {
  const ready = {
    type: "Ready",
    status: "True",
    reason: "Watching",
    message: "The guard watches its Deployment.",
    lastTransitionTime: written(later(0)),
  } as const;

  it("says what cannot be read, and changes nothing else of its status", () => {
    for (const scene of [aSettledWorkload(), aRestoredWorkload()]) {
      const { status: before } = scene.guard;
      const { conditions, ...status } = statusIn(
        withStatus({ ...before, phase: "Healthy", conditions: [ready] })(scene),
      );
      expect(conditions).to.deep.equal([
        {
          type: "Ready",
          status: "False",
          reason: "CannotRead",
          message: SAYS,
          observedGeneration: scene.guard.generation,
          lastTransitionTime: written(scene.now),
        },
      ]);
      expect(status).to.deep.equal({ ...before, phase: "Healthy" });
    }
  });

  it("says it once", () => {
    const scene = aSettledWorkload();
    const { effects } = decide(unseen(withStatus(statusIn(scene))(scene)), scene.now + minutes(5));
    expect(effects).to.deep.equal([]);
  });

  it("says it also where nobody has ever said anything", () => {
    const { phase, conditions } = statusIn(
      withStatus({ phase: undefined, conditions: undefined })(aSettledWorkload()),
    );
    expect(phase).to.equal("Waiting");
    expect(conditions?.map(({ message }) => message)).to.deep.equal([SAYS]);
  });
});
