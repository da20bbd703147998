import { expect } from "chai";
import type { IncidentSpec } from "../../api/incident.ts";
import { GOOD } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import {
  guardHeld,
  guardNotRecovered,
  rolledBack,
  vetoRemoved,
  vetoSet,
  workloadHeld,
  workloadNotRecovered,
} from "./events.ts";

const incident = anIncident({ name: "checkout-1" });
const brake = { reason: "Cooldown", message: "it rolled back a minute ago" } as const;
const because = (cause: Partial<NonNullable<IncidentSpec["causes"]>[number]>) => ({
  ...incident,
  spec: {
    ...incident.spec,
    causes: [
      { class: "PortMismatch", certainty: "Certain", message: "The probe asks 80.", remedy: "", ...cause },
    ],
  } as IncidentSpec,
});

describe("the Events", () => {
  it("about a failure say what fails, what is done about it, and in which Incident it is recorded", () => {
    for (const { message } of [rolledBack(incident, GOOD), workloadHeld(incident, brake)]) {
      expect(message).to.match(/^Revision \d+ \(\w+\) is failing: 3 of 3 pods: container app exits/);
      expect(message).to.match(/ \(Incident checkout-1\)$/);
    }
    expect(rolledBack(incident, GOOD).message).to.contain(
      ` Rolled back to revision ${GOOD.revision} (${GOOD.hash}) `,
    );
    expect(workloadHeld(incident, brake).message).to.contain(` ${brake.message} `);
  });

  it("about a failure name a cause when one is known", () => {
    expect(rolledBack(because({}), GOOD).message).to.contain(" Cause (Certain): The probe asks 80. ");
    expect(rolledBack(because({ class: "Unknown" }), GOOD).message).not.to.contain("Cause");
  });

  it("never lose what is done, however long the failure and its cause are", () => {
    const long = "x".repeat(5_000);
    const { spec, ...named } = because({ message: long });
    const { message } = rolledBack({ ...named, spec: { ...spec, message: long } }, GOOD);
    expect(Buffer.byteLength(message)).to.be.at.most(1_024);
    expect(message).to.match(/ Rolled back to \S+ \d+ \(\w+\) \(Incident checkout-1\)$/);
  });

  it("on the workload have the reason of the failure, on the guard that of the brake, and say the same", () => {
    const [workload, guard] = [workloadHeld(incident, brake), guardHeld(incident, brake)];
    expect(workload).to.include({ on: "Workload", type: "Warning", reason: "CrashLooping" });
    expect(guard).to.include({ on: "RolloutGuard", type: "Warning", reason: "Cooldown" });
    expect(guard.message).to.equal(workload.message);
  });

  it("about a rollback that did not help are on both objects", () => {
    const [workload, guard] = [workloadNotRecovered(incident, "No."), guardNotRecovered(incident, "No.")];
    expect(workload).to.include({ on: "Workload", message: "No. (Incident checkout-1)" });
    expect(guard).to.deep.equal({ ...workload, on: "RolloutGuard" });
  });

  it("about a veto say who put or removed it, and why it was there", () => {
    expect(vetoSet("alice", "the database is migrated").message).to.match(
      /^alice .*the database is migrated/,
    );
    expect(vetoRemoved("bob", "the database is migrated").message).to.match(
      /^bob .*the database is migrated/,
    );
  });
});
