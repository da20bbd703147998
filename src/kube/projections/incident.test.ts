import { expect } from "chai";
import { phaseOf } from "../../api/incident.ts";
import { rawIncident } from "../testing/raw-objects.ts";
import { projectIncident } from "./incident.ts";

describe("projectIncident", () => {
  it("reads a new one that has no status", () => {
    const incident = projectIncident(rawIncident("i", "g"));
    expect(incident?.spec.target.name).to.equal("g");
    expect(incident?.status).to.equal(undefined);
  });

  it("takes an ended one for ended, even where the rest of its status is spoiled", () => {
    const incident = projectIncident(
      rawIncident("i", "g", { phase: "Recovered", brake: "none", timeline: [7], message: 1 }),
    );
    expect(incident && phaseOf(incident)).to.equal("Recovered");
    expect(incident?.status).to.deep.equal({ phase: "Recovered", message: "", timeline: [] });
  });

  it("takes nothing for an Incident that has not the spec of one", () => {
    expect(projectIncident({ metadata: { name: "i" }, spec: { guard: "g" } })).to.equal(undefined);
  });
});
