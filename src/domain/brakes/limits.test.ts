import { expect } from "chai";
import { failing } from "../testing/a-finding.ts";
import { aRevision } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { rolloutIn } from "../testing/expect-verdict.ts";
import { withIncidents, withSpec } from "../testing/facts.ts";
import { earlier, later, minutes } from "../testing/instants.ts";
import { aRollout, at, type Fact } from "../testing/scene.ts";
import type { BrakeRule } from "./brake-rule.ts";
import { cooldown, rollbackLimit } from "./limits.ts";

const headline = failing("CrashLooping");

function brakeIn(rule: BrakeRule, ...facts: readonly Fact[]) {
  const scene = aRollout(...facts);
  return rule(rolloutIn(scene), headline, scene.now);
}

/** A rollback so many minutes before the rollout. */
const sent = (ago: number, more: Parameters<typeof anIncident>[0] = {}) =>
  anIncident({
    of: aRevision(`r${ago}`, 0),
    phase: "Recovered",
    detectedAt: earlier(minutes(ago)),
    sentAt: earlier(minutes(ago)),
    ...more,
  });

describe("rollbackLimit", () => {
  const three = [sent(50), sent(30), sent(10)];

  it("lets so many rollbacks be made within the window, and says until when the next one waits", () => {
    expect(brakeIn(rollbackLimit, withIncidents(...three.slice(1)))).to.equal(undefined);
    const brake = brakeIn(rollbackLimit, withIncidents(...three));
    expect(brake).to.include({
      reason: "RollbackLimitReached",
      message: "3 rollbacks within 1h; the limit is 3.",
      untilAt: later(minutes(10)),
    });
    expect(brakeIn(rollbackLimit, withIncidents(...three), at(minutes(10)))).to.equal(undefined);
  });

  it("waits for the one that makes room where there are more than that", () => {
    const five = [...three, sent(20), sent(5)];
    expect(brakeIn(rollbackLimit, withIncidents(...five))?.untilAt).to.equal(later(minutes(40)));
  });

  it("goes by the guard's numbers", () => {
    const one = withSpec({ limits: { maxRollbacks: 1, window: "15m" } });
    expect(brakeIn(rollbackLimit, one, withIncidents(sent(10)))?.untilAt).to.equal(later(minutes(5)));
    expect(brakeIn(rollbackLimit, one, withIncidents(sent(20)))).to.equal(undefined);
  });

  it("counts no rollback by hand, none that was never sent, and not the present one", () => {
    const one = withSpec({ limits: { maxRollbacks: 1 } });
    const own = anIncident({ phase: "Acting", sentAt: earlier(minutes(1)) });
    for (const incident of [
      sent(10, { kind: "Manual" }),
      anIncident({ of: aRevision("held", 0), phase: "Superseded" }),
      own,
    ]) {
      expect(brakeIn(rollbackLimit, one, withIncidents(incident))).to.equal(undefined);
    }
  });
});

describe("cooldown", () => {
  it("waits so long after the last rollback, and says until when", () => {
    const brake = brakeIn(cooldown, withIncidents(sent(30), sent(2)));
    expect(brake).to.include({
      reason: "Cooldown",
      message: "The last rollback was less than 5m ago.",
      untilAt: later(minutes(3)),
    });
    expect(brakeIn(cooldown, withIncidents(sent(2)), at(minutes(3)))).to.equal(undefined);
  });

  it("is as long as the guard says, or none at all", () => {
    const long = withSpec({ limits: { cooldown: "1h" } });
    expect(brakeIn(cooldown, long, withIncidents(sent(30)))?.untilAt).to.equal(later(minutes(30)));
    const none = withSpec({ limits: { cooldown: "0s" } });
    expect(brakeIn(cooldown, none, withIncidents(sent(0)))).to.equal(undefined);
  });

  it("does not begin with a rollback by hand", () => {
    expect(brakeIn(cooldown, withIncidents(sent(1, { kind: "Manual" })))).to.equal(undefined);
  });
});
