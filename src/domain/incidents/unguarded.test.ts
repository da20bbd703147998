import { expect } from "chai";
import type { IncidentPhase } from "../../api/incident.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { anIncident, anUndo } from "../testing/an-incident.ts";
import { withIncidents, withoutWorkload, withWorkload } from "../testing/facts.ts";
import { minutes, seconds, T0 } from "../testing/instants.ts";
import { aRollout, type Fact } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { isAnythingLeft, reviewUnguarded } from "./unguarded.ts";

const SINCE = T0 + minutes(2);
const DUE = SINCE + minutes(1);
const STATUS = "kubectl rollout status deployment/checkout -n shop";
const NOBODY = "No RolloutGuard watches Deployment checkout any more.";

function review(incidents: readonly IncidentView[], now: number, ...facts: readonly Fact[]) {
  return reviewUnguarded(
    snapshotOf(aRollout(withIncidents(...incidents), withoutWorkload, ...facts)),
    SINCE,
    now,
  );
}

/** How the Incident ends that is in that phase. */
function endOf(incident: IncidentView, ...facts: readonly Fact[]) {
  const { effects } = review([incident], DUE, ...facts);
  expect(effects).to.have.lengthOf(1);
  return effects[0]?.status;
}

describe("Incidents without a guard", () => {
  const sentAt = T0 + seconds(40);
  const ends: readonly (readonly [IncidentPhase, IncidentView, string])[] = [
    [
      "Held",
      anIncident({ phase: "Held", brake: { reason: "Veto", message: "…" } }),
      "Nothing was rolled back.",
    ],
    [
      "Acting",
      anIncident({ phase: "Acting", sentAt }),
      `It is not known whether the rollback was sent: ${STATUS}`,
    ],
    [
      "Verifying",
      anIncident({ phase: "Verifying", sentAt, generation: 3 }),
      `The rollback was sent, but nothing checked whether service is back: ${STATUS}`,
    ],
  ];
  for (const [phase, incident, what] of ends) {
    it(`end as Superseded and say what is open: ${phase}`, () => {
      const status = endOf(incident);
      expect(status?.phase).to.equal("Superseded");
      expect(status?.message).to.equal(`${NOBODY} ${what}`);
      expect(status?.endedAt).to.equal(new Date(DUE).toISOString());
      expect(status).not.to.have.property("brake");
    });
  }

  it("end with the rollback that the workload knows of, although nobody noted it", () => {
    const rolledBack = { incident: "checkout-7d9f8b6c5d", at: sentAt, generation: 3 };
    const incident = anIncident({ name: rolledBack.incident });
    const { effects } = reviewUnguarded(
      snapshotOf(aRollout(withIncidents(incident), withWorkload({ rolledBack }))),
      SINCE,
      DUE,
    );
    expect(effects[0]?.status.steps?.map(({ startedAt }) => startedAt)).to.deep.equal([
      new Date(sentAt).toISOString(),
    ]);
    expect(effects[0]?.status.message).to.contain("The rollback was sent");
  });

  it("keep only a step that was sent", () => {
    expect(endOf(anIncident({ phase: "Verifying", sentAt }))?.steps).to.have.lengthOf(1);
    expect(endOf(anIncident({ phase: "Acting", sentAt }))).not.to.have.property("steps");
  });

  it("wait a minute for the guard: it can be replaced by deleting it and creating it again", () => {
    const early = review([anIncident({ phase: "Verifying", sentAt })], DUE - 1);
    expect(early).to.deep.equal({ effects: [], endsPause: false, recheckAt: DUE });
  });

  it("are left to the command that rolls back by hand for a day", () => {
    const byHand = anIncident({ kind: "Manual", phase: "Verifying", sentAt });
    const endsAt = Date.parse(byHand.spec.detectedAt) + minutes(24 * 60);
    expect(review([byHand], DUE)).to.deep.equal({ effects: [], endsPause: false, recheckAt: endsAt });
    expect(review([byHand], endsAt).effects[0]?.status.phase).to.equal("Superseded");
  });

  it("end one by one, and those that have ended stay as they are", () => {
    const ended = anIncident({ phase: "NotRecovered", sentAt, name: "checkout-one" });
    const byHand = anIncident({ kind: "Manual", name: "checkout-two" });
    const held = anIncident({ phase: "Held", name: "checkout-three" });
    const { effects, recheckAt } = review([ended, byHand, held], DUE);
    expect(effects.map(({ name }) => name)).to.deep.equal(["checkout-three"]);
    expect(recheckAt).to.be.greaterThan(DUE);
  });

  describe("of which the last stopped its rollback by a pause", () => {
    const undone = anIncident({ phase: "NotRecovered", sentAt });
    const stopped: IncidentView = {
      ...undone,
      ...(undone.status && {
        status: {
          ...undone.status,
          steps: [...(undone.status.steps ?? []), { ...anUndo(sentAt), action: "Freeze" }],
        },
      }),
    };

    it("end the pause after the same minute", () => {
      expect(review([stopped], DUE - 1)).to.deep.equal({ effects: [], endsPause: false, recheckAt: DUE });
      expect(review([stopped], DUE)).to.deep.equal({ effects: [], endsPause: true });
      expect(isAnythingLeft([stopped])).to.equal(true);
    });

    it("leave alone what came later", () => {
      const later = anIncident({ phase: "Recovered", name: "checkout-later", detectedAt: T0 + minutes(1) });
      expect(review([later, stopped], DUE).endsPause).to.equal(false);
      expect(isAnythingLeft([later, stopped])).to.equal(false);
    });
  });
});
