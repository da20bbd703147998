import { expect } from "chai";
import type { RolloutGuardStatus } from "../../api/rollout-guard.ts";
import { decide } from "../decide.ts";
import { aRevision, NEW } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { decisionIn, effectsOf, statusAfter } from "../testing/expect-decision.ts";
import { withIncidents, withOthers, withStatus } from "../testing/facts.ts";
import { earlier, minutes, seconds, written } from "../testing/instants.ts";
import { aSettledWorkload, at, type Fact, given } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { incidentCounts } from "./incident-counts.ts";

const made = (number: number, facts: Parameters<typeof anIncident>[0] = {}) =>
  anIncident({
    name: `incident-${number}`,
    phase: "Recovered",
    detectedAt: earlier(minutes(60 - number)),
    sentAt: earlier(minutes(60 - number) - seconds(1)),
    generation: number,
    ...facts,
  });
const [first, second, third] = [made(1), made(2), made(3)];

function count(before: RolloutGuardStatus, ...incidents: Parameters<typeof incidentCounts>[1]) {
  const after = incidentCounts(before, incidents);
  return { after, numbers: [after.incidents, after.rollbacks] };
}

describe("incidentCounts", () => {
  it("counts each once, however often and by whomever they are looked at", () => {
    const { after } = count({}, first);
    // One operator has seen all three, the other is behind; they write in turns.
    let status: RolloutGuardStatus = after;
    for (const seen of [[first, second, third], [first], [first, second, third], [], [first, second]]) {
      status = { ...status, ...incidentCounts(status, seen) };
    }
    expect(status).to.include({ incidents: 3, rollbacks: 3, lastIncidentAt: third.spec.detectedAt });
  });

  it("keeps what was counted when Incidents are deleted, and counts those that come after", () => {
    const { after } = count({}, first, second);
    expect(count(after, second).numbers).to.deep.equal([2, 2]);
    expect(count(after).numbers).to.deep.equal([2, 2]);
    expect(count({ ...after, ...count(after).after }, third).numbers).to.deep.equal([3, 3]);
  });

  it("counts a rollback when its Incident has ended", () => {
    const open = made(2, { phase: "Verifying" });
    const { after, numbers } = count({}, first, open);
    expect(numbers).to.deep.equal([2, 1]);
    expect(count(after, first, second).numbers).to.deep.equal([2, 2]);
  });

  it("begins anew with what is there when its marks are lost, and forgets no number", () => {
    expect(count({}, first, second).numbers).to.deep.equal([2, 2]);
    expect(count({ incidents: 7, rollbacks: 5 }, first, second).numbers).to.deep.equal([7, 5]);
  });
});

describe("decide, about a guard whose last Incident is not there", () => {
  const newest = anIncident({ of: aRevision("other", 0), phase: "Recovered", name: "newest" });
  const detectedAt = Date.parse(newest.spec.detectedAt);
  const reported = withStatus(statusAfter(aSettledWorkload(withOthers(NEW), withIncidents(first, newest))));
  const unseen = (...facts: readonly Fact[]) =>
    given(
      aSettledWorkload(withOthers(NEW), withIncidents(first)),
      reported,
      withStatus({ phase: "Failing" }),
      ...facts,
    );

  it("does not write its status while the Incident may not have been seen yet, and looks again", () => {
    const decision = decisionIn(unseen(at(minutes(2))));
    expect(effectsOf(decision, "updateGuardStatus")).to.deep.equal([]);
    expect(decision.wakeAt).to.equal(detectedAt + minutes(3));
  });

  it("writes it when the Incident was deleted by somebody, and counts nothing again", () => {
    const { status } = effectsOf(decisionIn(unseen(at(minutes(5)))), "updateGuardStatus")[0] ?? {};
    expect(status).to.include({ phase: "Healthy", incidents: 2, lastIncident: first.name });
    expect(status?.lastIncidentAt).to.equal(written(detectedAt));
  });

  it("waits for no Incident that is there under its name, though another operator's clock was ahead", () => {
    const ahead = { lastIncidentAt: written(detectedAt + 50), phase: "Failing" } as const;
    const scene = given(unseen(withStatus(ahead), at(minutes(2))), withIncidents(first, newest));
    const { effects } = decide(snapshotOf(scene), scene.now);
    expect(effects.some(({ type }) => type === "updateGuardStatus")).to.equal(true);
  });
});
