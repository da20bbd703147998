import { expect } from "chai";
import { failing } from "../testing/a-finding.ts";
import { aRefusal } from "../testing/a-refusal.ts";
import { aRevision, GOOD, NEW, remembered } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { withCurrent, withIncidents, withSpec, withSurroundings, withWorkload } from "../testing/facts.ts";
import { earlier, later, minutes } from "../testing/instants.ts";
import { aRollout, type Fact, ledger } from "../testing/scene.ts";
import { clearanceOf } from "./ordered-brakes.ts";

const headline = failing("NotReady");

/** The brake that applies, or the hash of the revision to restore. */
function clearance(...facts: readonly Fact[]): string {
  const scene = aRollout(...facts);
  const found = clearanceOf(rolloutIn(scene), headline, scene.now);
  return "brake" in found ? found.brake.reason : found.restore.hash;
}

const sent = (agoMs: number, hash: string) =>
  anIncident({
    of: aRevision(hash, 0),
    phase: "Recovered",
    detectedAt: earlier(agoMs),
    sentAt: earlier(agoMs),
  });

/** Everything that can be in the way, in the order in which people are to hear of it. */
const IN_THE_WAY: readonly (readonly [string, Fact])[] = [
  ["Veto", withWorkload({ veto: "no" })],
  ["ObserveMode", withSurroundings({ observeOnly: true })],
  ["ManagedByOwner", withWorkload({ owner: { kind: "Canary", name: "checkout" } })],
  ["DeploymentPaused", withWorkload({ isPaused: true })],
  ["TargetQuarantined", ledger(remembered(GOOD, "Bad"))],
  ["ReappliedAgain", withIncidents(sent(minutes(20), NEW.hash), sent(minutes(10), NEW.hash))],
  ["WouldNotHelp", withCurrent({ contentKey: GOOD.contentKey })],
  ["NewerRollout", withWorkload({ generation: 9 })],
  ["SafetyStop", withSurroundings({ stoppedUntilAt: later(minutes(50)) })],
  ["RollbackLimitReached", withSpec({ limits: { maxRollbacks: 1, cooldown: "1h" } })],
];

describe("clearanceOf", () => {
  it("is the revision to restore where nothing is in the way", () => {
    expect(clearance()).to.equal(GOOD.hash);
  });

  it("names what people decided before what is impossible, useless, or too soon", () => {
    const recent = withIncidents(sent(minutes(1), "a"));
    for (const [index, [brake]] of IN_THE_WAY.entries()) {
      const rest = IN_THE_WAY.slice(index).map(([, fact]) => fact);
      expect(clearance(recent, ...rest.toReversed()), brake).to.equal(brake);
    }
    const refused = withSurroundings({ refusal: aRefusal() });
    expect(clearance(recent, refused)).to.equal("Cooldown");
    expect(clearance(refused)).to.equal("Refused");
  });
});
