import { expect } from "chai";
import type { RawObject } from "../objects.ts";
import { CREATED_AT, rawGuard } from "../testing/raw-objects.ts";
import { projectGuard } from "./guard.ts";

const project = (guard: RawObject) => projectGuard(guard, undefined, CREATED_AT);

const problemOf = (spec: object) => {
  const { view } = project(rawGuard("g", "web", { spec }));
  return "invalid" in view.spec ? view.spec.invalid : "none";
};
const statusOf = (status: object) => project(rawGuard("g", "web", { status })).view.status;

describe("projectGuard", () => {
  it("fills in every default", () => {
    const { spec } = project(rawGuard("g", "web")).view;
    expect(spec).to.have.nested.property("valid.checks.crashLoop.restarts", 2);
    expect(spec).to.have.nested.property("valid.bakeTime", "5m");
  });

  it("says where a spec is wrong and what to write instead", () => {
    expect(problemOf({ bakeTime: "5 minutes" })).to.equal(
      'spec.bakeTime: "5 minutes" is not a duration; write a duration such as "15s", "5m" or "1h30m"',
    );
    expect(problemOf({ mode: "Dry" })).to.equal(
      'spec.mode: "Dry" is not valid; write "Rollback" or "Observe"',
    );
    expect(problemOf({ checks: { readiness: { patience: "auto" } } })).to.match(
      /^spec.checks.readiness.patience: .*"Auto" or/,
    );
    expect(problemOf({ checks: { crashLoop: { restarts: "two" } } })).to.match(
      /restarts: write .*number instead of "two"$/,
    );
    expect(problemOf({ limits: { maxRollbacks: 1_000 } })).to.equal(
      "spec.limits.maxRollbacks: is too big; write at most 100",
    );
    expect(problemOf({ target: {} })).to.match(
      /^spec.target.name: is missing; write a value of type string$/,
    );
  });

  it("knows the target even where the rest of the spec is wrong", () => {
    expect(project(rawGuard("g", "web", { spec: { mode: "Dry" } })).target).to.deep.equal({
      kind: "Deployment",
      name: "web",
    });
  });

  it("drops what is wrong in a status and keeps the rest", () => {
    const entry = { hash: "a", revision: 1, images: [], verdict: "Good", since: "2026-03-01T10:00:00Z" };
    const status = statusOf({
      phase: "Dancing",
      rollbacks: 2,
      revisions: [entry, { ...entry, verdict: "Odd" }, 7],
    });
    expect(status).to.deep.equal({ rollbacks: 2, revisions: [entry] });
  });

  it("says what of a status was spoiled, so that it is written anew, and nothing of a sound one", () => {
    const spoiled = project(rawGuard("g", "web", { status: { phase: "Dancing", rollbacks: -2 } }));
    expect(spoiled.problem).to.match(/never writes \(phase, rollbacks\)/);
    expect(spoiled.view.isStatusSpoiled).to.equal(true);
    const sound = project(rawGuard("g", "web", { status: { phase: "Healthy" } }));
    expect([sound.problem, sound.view.isStatusSpoiled]).to.deep.equal([undefined, undefined]);
  });

  it("believes no rollout, no verdict and no count of the future", () => {
    const entry = { hash: "a", revision: 1, images: [], verdict: "Good" };
    const [past, ahead] = ["2026-03-01T10:00:00Z", "9999-01-01T00:00:00Z"];
    const { view } = project(
      rawGuard("g", "web", {
        status: {
          current: { hash: "b", revision: 2, images: [], since: ahead },
          lastIncidentAt: past,
          lastRollbackAt: ahead,
          revisions: [
            { ...entry, since: past },
            { ...entry, hash: "b", since: ahead },
          ],
        },
      }),
    );
    expect(view.status).to.deep.equal({ lastIncidentAt: past, revisions: [{ ...entry, since: past }] });
    expect(view.isStatusSpoiled).to.equal(true);
  });

  it("believes no completion, no proof and no end of the future", () => {
    const ahead = "9999-01-01T00:00:00Z";
    const current = { hash: "b", revision: 2, images: [], since: "2026-03-01T09:59:00Z" };
    const entry = { hash: "a", revision: 1, images: [], verdict: "Completed", since: current.since };
    const status = statusOf({
      current: { ...current, completedAt: ahead, provenAt: ahead },
      revisions: [{ ...entry, until: ahead }],
    });
    expect(status.current?.completedAt ?? status.current?.provenAt).to.equal(undefined);
    expect(status.current?.since).to.equal(current.since);
    expect(status.revisions).to.deep.equal([]);
  });

  it("takes no status for an empty one", () => {
    expect(project(rawGuard("g", "web")).view.status).to.deep.equal({});
  });
});
