import { expect } from "chai";
import { GOOD, NEW } from "../testing/a-revision.ts";
import { anIncident } from "../testing/an-incident.ts";
import {
  changeEffect,
  deleteIncidentEffect,
  eventEffect,
  guardStatusEffect,
  isAboutRollout,
  isAct,
  openIncidentEffect,
  updateIncidentEffect,
} from "./effect.ts";

const { name, spec } = anIncident();
const opened = openIncidentEffect(name, spec);
const updated = updateIncidentEffect(name, { phase: "Held", message: "", timeline: [] });
const changed = changeEffect({
  do: "restoreTemplate",
  on: { kind: "Deployment", name: "checkout" },
  expect: { uid: "uid-1", generation: 4 },
  from: NEW,
  to: GOOD,
  incident: name,
});
const others = [
  guardStatusEffect({}),
  deleteIncidentEffect(name),
  eventEffect({ on: "Workload", type: "Normal", reason: "Recovered", message: "" }),
];

describe("effects", () => {
  it("are acts, which need a second decision, when they open an Incident, change an object, or say that it was in vain", () => {
    const inVain = updateIncidentEffect(name, { phase: "NotRecovered", message: "", timeline: [] });
    expect([opened, updated, inVain, changed, ...others].filter(isAct)).to.deep.equal([
      opened,
      inVain,
      changed,
    ]);
  });

  it("are about the rollout, and never decided on the past, when they act or tell of an Incident", () => {
    expect([opened, updated, changed, ...others].filter(isAboutRollout)).to.deep.equal([
      opened,
      updated,
      changed,
    ]);
  });
});
