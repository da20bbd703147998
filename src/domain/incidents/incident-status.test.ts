import { expect } from "chai";
import { incidentStatusSchema } from "../../api/incident.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { aRevision, NEW } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import { later, minutes, seconds, written } from "../testing/instants.ts";
import { aRollout } from "../testing/scene.ts";
import { snapshotOf } from "../testing/snapshot-of.ts";
import { incidentName } from "./incident-name.ts";
import { withTransition } from "./incident-status.ts";

const snapshot = snapshotOf(aRollout());

const nameGiven = (incidents: readonly IncidentView[], ...others: string[]) =>
  incidentName({ incidents, otherIncidents: others.map((name) => ({ name })) }, NEW);

describe("incidentName", () => {
  it("is the ReplicaSet's", () => {
    expect(nameGiven([])).to.equal(NEW.source.name);
    expect(nameGiven([anIncident({ of: aRevision("other", 0) })])).to.equal(NEW.source.name);
  });

  it("has the next number when the same template failed before", () => {
    expect(nameGiven([anIncident()])).to.equal(`${NEW.source.name}-2`);
    expect(nameGiven([anIncident({ name: `${NEW.source.name}-9` })])).to.equal(`${NEW.source.name}-10`);
  });

  it("goes round the Incidents of others, and those that cannot be read", () => {
    expect(nameGiven([], NEW.source.name)).to.equal(`${NEW.source.name}-2`);
    expect(nameGiven([anIncident()], `${NEW.source.name}-2`, `${NEW.source.name}-3`)).to.equal(
      `${NEW.source.name}-4`,
    );
  });

  it("counts on from no name that it would not give itself", () => {
    for (const odd of [
      "by-hand",
      `${NEW.source.name}-1e999`,
      `${NEW.source.name}-0x10`,
      `${NEW.source.name}-infinity`,
    ])
      expect(nameGiven([anIncident({ name: odd })]), odd).to.equal(NEW.source.name);
  });

  it("is no longer than a name may be", () => {
    const long = { ...NEW, source: { ...NEW.source, name: "x".repeat(253) } };
    const name = incidentName({ incidents: [anIncident({ name: long.source.name })] }, long);
    expect(name).to.equal(`${"x".repeat(251)}-2`);
  });
});

describe("withTransition", () => {
  const held = withTransition(anIncident(), snapshot, "Held", "Nothing is done.", later(minutes(1)), {
    brake: { reason: "Cooldown", message: "A while ago." },
  });

  it("begins the story with the rollout and the verdict", () => {
    expect(held.timeline.map(({ at, what }) => [at, what])).to.deep.equal([
      [written(later(0)), "RolloutStarted"],
      [written(later(seconds(30))), "CrashLooping"],
      [written(later(minutes(1))), "Cooldown"],
    ]);
    expect(held.secondsToDetect).to.equal(30);
  });

  it("names a page about the cause, about the reason where no cause is known", () => {
    const base = "https://github.com/rolloutguard/rolloutguard/blob/main/docs";
    expect(held.documentation).to.equal(`${base}/reasons/crash-looping.md`);
    const of = (cause: "SlowStart" | "Unknown") => {
      const { spec } = anIncident();
      const causes = [{ class: cause, certainty: "Likely", message: "", remedy: "" } as const];
      return withTransition({ spec: { ...spec, causes } }, snapshot, "Held", "", later(0)).documentation;
    };
    expect(of("SlowStart")).to.equal(`${base}/causes/slow-start.md`);
    expect(of("Unknown")).to.equal(`${base}/reasons/crash-looping.md`);
  });

  it("forgets the brake that was released", () => {
    const freed = withTransition(
      { ...anIncident(), status: held },
      snapshot,
      "Acting",
      "Going.",
      later(minutes(2)),
    );
    expect(freed).not.to.have.property("brake");
    expect(freed.timeline).to.have.length(4);
  });

  it("notes the end, and the seconds to recover only of what recovered", () => {
    const ended = (phase: "Recovered" | "NotRecovered" | "Superseded") =>
      withTransition(anIncident(), snapshot, phase, "Over.", later(minutes(2)));
    expect(ended("Recovered")).to.deep.include({ endedAt: written(later(minutes(2))), secondsToRecover: 90 });
    expect(ended("NotRecovered").endedAt).to.equal(written(later(minutes(2))));
    expect(ended("NotRecovered")).not.to.have.property("secondsToRecover");
    expect(ended("Superseded")).not.to.have.property("secondsToRecover");
  });

  it("keeps the beginning and the end of a long story", () => {
    let status = held;
    for (let n = 0; n < 100; n += 1) {
      status = withTransition(
        { ...anIncident(), status },
        snapshot,
        "Held",
        `Turn ${n}.`,
        later(minutes(2 + n)),
      );
    }
    expect(status.timeline).to.have.length(50);
    expect(status.timeline[0]?.what).to.equal("RolloutStarted");
    expect(status.timeline.at(-1)?.message).to.equal("Turn 99.");
    expect(incidentStatusSchema.parse(status)).to.deep.equal(status);
  });

  it("cuts what is too long to be written", () => {
    const status = withTransition(anIncident(), snapshot, "Held", "x".repeat(9_000), later(0));
    expect(incidentStatusSchema.safeParse(status).success).to.equal(true);
    expect(status.message.endsWith("…")).to.equal(true);
  });
});
