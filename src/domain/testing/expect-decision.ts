// The words in which tests of whole decisions speak.
import { assert, expect } from "chai";
import type { IncidentStatus } from "../../api/incident.ts";
import type { BrakeReason, FindingReason, Reason } from "../../api/reasons.ts";
import type { GuardPhase, RolloutGuardStatus, Verdict } from "../../api/rollout-guard.ts";
import { decide } from "../decide.ts";
import type { Decision } from "../decision.ts";
import type { Effect } from "../effects/effect.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Scene } from "./scene.ts";
import { snapshotOf } from "./snapshot-of.ts";

/** The decision about a scene. */
export function decisionIn(scene: Scene): Decision {
  return decide(snapshotOf(scene), scene.now);
}

/** The effects of one type. */
export function effectsOf<T extends Effect["type"]>(
  { effects }: Pick<Decision, "effects">,
  type: T,
): readonly Extract<Effect, { type: T }>[] {
  return effects.filter((effect): effect is Extract<Effect, { type: T }> => effect.type === type);
}

/** The guard's status after the decision's effects. */
export function statusAfter(scene: Scene): RolloutGuardStatus {
  return effectsOf(decisionIn(scene), "updateGuardStatus")[0]?.status ?? scene.guard.status;
}

/** The verdict that the ledger holds on a revision after the decision's effects. */
export function verdictAfter(scene: Scene, { hash }: RevisionView): Verdict | undefined {
  return statusAfter(scene).revisions?.find((entry) => entry.hash === hash)?.verdict;
}

/** The status that the decision gives to an Incident; fails the test when it gives none. */
export function incidentAfter(scene: Scene, name: string): IncidentStatus {
  const update = effectsOf(decisionIn(scene), "updateIncident").find((effect) => effect.name === name);
  assert(update, `Incident ${name} is not updated`);
  return update.status;
}

/** It goes back to the revision, and says so in an Incident before it does. */
export function expectRollback(scene: Scene, to: RevisionView, because?: FindingReason): Decision {
  const decision = decisionIn(scene);
  const [effect] = effectsOf(decision, "change");
  const rollback = effect?.change;
  assert(rollback?.do === "restoreTemplate", `no rollback: ${decision.reason}: ${decision.message}`);
  expect(rollback.to.hash, "to").to.equal(to.hash);
  expect(rollback.from.hash, "from").to.equal(scene.current.hash);
  expect(decision.brake).to.equal(undefined);
  if (because) expect(effectsOf(decision, "openIncident")[0]?.spec.reason, "because").to.equal(because);
  return decision;
}

/** The rollout fails, an Incident says so, and the brake keeps it from going back. */
export function expectHeld(scene: Scene, brake: BrakeReason, phase: GuardPhase = "Failing"): Decision {
  const decision = decisionIn(scene);
  expect(decision.brake?.reason, `${decision.reason}: ${decision.message}`).to.equal(brake);
  expect(decision.phase).to.equal(phase);
  expect(effectsOf(decision, "change")).to.deep.equal([]);
  return decision;
}

/** Nothing is wrong: no Incident, no rollback. */
export function expectLeftAlone(scene: Scene, phase: GuardPhase, reason: Reason): Decision {
  const decision = decisionIn(scene);
  expect({ phase: decision.phase, reason: decision.reason }, decision.message).to.deep.equal({
    phase,
    reason,
  });
  expect(effectsOf(decision, "change"), "change").to.deep.equal([]);
  expect(effectsOf(decision, "openIncident"), "openIncident").to.deep.equal([]);
  return decision;
}
