import { expect } from "chai";
import { phaseOf } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import type { RawObject } from "../objects.ts";
import { CREATED_AT, rawIncident, rawUndo } from "../testing/raw-objects.ts";
import { projectIncident } from "./incident.ts";

const AHEAD = "9999-01-01T00:00:00.000Z";
const project = (incident: RawObject) => projectIncident(incident, undefined, CREATED_AT);
const withSpec = (changes: object): RawObject => {
  const incident = rawIncident("i", "g");
  return { ...incident, spec: { ...(incident["spec"] as object), ...changes } };
};

describe("projectIncident", () => {
  it("reads a new one that has no status", () => {
    const { view, problem } = project(rawIncident("i", "g"));
    expect(view?.spec.target.name).to.equal("g");
    expect(view?.status).to.equal(undefined);
    expect(problem).to.equal(undefined);
  });

  it("takes an ended one for ended, even where the rest of its status is spoiled, and says what is", () => {
    const { view, problem } = project(
      rawIncident("i", "g", { phase: "Recovered", brake: "none", timeline: [7], message: 1 }),
    );
    expect(view && phaseOf(view)).to.equal("Recovered");
    expect(view?.status).to.deep.equal({ phase: "Recovered", message: "", timeline: [] });
    expect(problem).to.include("(status.message, status.brake, status.timeline)");
  });

  it("reads nothing of one that has not the spec of an Incident, and says why and whom it concerns", () => {
    const unreadable = project({ metadata: { name: "i" }, spec: { guard: "g", target: { name: "web" } } });
    expect(unreadable.view).to.equal(undefined);
    expect(unreadable.target).to.deep.equal({ kind: "Deployment", name: "web" });
    expect(unreadable.problem).to.match(/spec: guard, target, failedRevision/);
  });

  it("believes no detection long after the API server took the Incident", () => {
    const { view, problem } = project(withSpec({ detectedAt: AHEAD }));
    expect(view && Date.parse(view.spec.detectedAt)).to.equal(CREATED_AT);
    expect(problem).to.include("spec.detectedAt");
  });

  it("believes no rollback of the future: the cooldown would last until then", () => {
    const steps = [rawUndo("web", { from: "b", to: "a", startedAt: AHEAD })];
    const { view, problem } = project(rawIncident("i", "g", { phase: "Recovered", steps }));
    expect(undoStep(view?.status)?.startedAt).to.equal(view?.spec.detectedAt);
    expect(problem).to.include("status.steps.startedAt");
    expect(view?.leftOut).to.deep.equal(["status.steps.startedAt"]);
  });

  describe("that claims steps of before it was opened", () => {
    const step = (msBefore: number) =>
      rawUndo("web", { from: "b", to: "a", startedAt: new Date(CREATED_AT - msBefore).toISOString() });
    const read = (...steps: readonly RawObject[]) =>
      project(rawIncident("i", "g", { phase: "Recovered", steps })).view;

    it("does not believe that it rolled back: nothing is done before it is opened", () => {
      const view = read(step(30 * 60_000));
      expect(view?.status).not.to.have.property("steps");
      expect(view?.leftOut).to.deep.equal(["status.steps.startedAt"]);
    });

    it("believes those that a slow request can have overtaken, and the others beside it", () => {
      const view = read(step(30 * 60_000), step(5 * 60_000), step(-60_000));
      expect(view?.status?.steps).to.have.lengthOf(2);
      expect(read(step(5 * 60_000))?.leftOut).to.equal(undefined);
    });

    it("does not believe one of the future either that stands for an early detection", () => {
      const detectedAt = new Date(CREATED_AT - 30 * 60_000).toISOString();
      const steps = [rawUndo("web", { from: "b", to: "a", startedAt: AHEAD })];
      const { view } = project({
        ...withSpec({ detectedAt, rolloutStartedAt: detectedAt }),
        status: { phase: "Recovered", steps },
      });
      expect(view?.status).not.to.have.property("steps");
    });
  });

  it("believes no word and no end of the future: the guard would wait for them", () => {
    const reported = { what: "Held", message: "" };
    const timeline = [
      { ...reported, at: "2026-03-01T10:00:00Z" },
      { ...reported, at: AHEAD },
    ];
    const { view } = project(rawIncident("i", "g", { phase: "Recovered", timeline, endedAt: AHEAD }));
    expect(view?.status?.timeline).to.deep.equal(timeline.slice(0, 1));
    expect(view?.status).not.to.have.property("endedAt");
    expect(view?.leftOut).to.deep.equal(["status.timeline.at", "status.endedAt"]);
  });

  it("believes no rollout that began after it had failed", () => {
    const { view } = project(withSpec({ rolloutStartedAt: AHEAD }));
    expect(view?.spec.rolloutStartedAt).to.equal(view?.spec.detectedAt);
    expect(view?.leftOut).to.deep.equal(["spec.rolloutStartedAt"]);
  });

  it("knows when the API server took it, and leaves nothing out of a sound one", () => {
    const { view } = project(rawIncident("i", "g"));
    expect([view?.createdAt, view?.leftOut]).to.deep.equal([CREATED_AT, undefined]);
  });
});
