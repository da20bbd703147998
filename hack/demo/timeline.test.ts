import { expect } from "chai";
import { anIncident, aRecoveredIncident, aSight, FIRST, SECOND, T0 } from "./testing/sights.ts";
import { newsBetween } from "./timeline.ts";

const textsOf = (
  ...[before, after]: Parameters<typeof newsBetween> extends [infer A, infer B, string] ? [A, B] : never
) => newsBetween(before, after, "app").map(({ text }) => text);

describe("newsBetween", () => {
  it("has nothing to tell of a quiet cluster", () => {
    expect(newsBetween(aSight(1), aSight(2), "app")).to.deep.equal([]);
  });

  it("tells of a new revision with its image, at the time of the look before", () => {
    expect(
      newsBetween(aSight(1), aSight(2, { newest: { ...SECOND, running: 0 } }), "app"),
    ).to.deep.include.members([
      {
        at: T0 + 1_000,
        who: "cluster",
        mood: "neutral",
        text: "the Deployment starts to roll out revision second, app:2",
        topic: undefined,
      },
    ]);
  });

  it("tells of pods that run and are not ready", () => {
    const texts = textsOf(aSight(1, { newest: { ...SECOND, running: 0 } }), aSight(2, { newest: SECOND }));
    expect(texts).to.deep.equal(["2 pods of app:2 running, none ready"]);
  });

  it("counts failures, with the container's last words", () => {
    const lastExit = "exit code 1: DATABASE_URL is not set";
    const [before, after] = [1, 2].map((failures) =>
      aSight(failures, { newest: { ...SECOND, failures, lastExit } }),
    );
    expect(textsOf(aSight(0, { newest: SECOND }), before ?? aSight(1))).to.deep.equal([
      "a container failed, exit code 1: DATABASE_URL is not set",
    ]);
    expect(textsOf(before ?? aSight(1), after ?? aSight(2))).to.deep.equal([
      "a container failed again (2 times so far), exit code 1: DATABASE_URL is not set",
    ]);
  });

  it("tells the first failure of a probe only", () => {
    const failing = (seconds: number) => aSight(seconds, { probeFailure: "Readiness probe failed: 500" });
    expect(textsOf(aSight(1), failing(2))).to.deep.equal(["Readiness probe failed: 500"]);
    expect(textsOf(failing(2), failing(3))).to.deep.equal([]);
  });

  it("repeats what the guard says when its reason changes", () => {
    const baking = { reason: "RolloutBaking", message: "Stays watched." };
    expect(textsOf(aSight(1), aSight(2, { guard: baking }))).to.deep.equal(["RolloutBaking: Stays watched."]);
  });

  it("tells an Incident from the verdict over the patch to the end, in the order of time", () => {
    const news = newsBetween(
      aSight(20),
      aSight(40, { incidents: [aRecoveredIncident()], rolledBackAt: "2026-11-21T06:00:25.1Z" }),
      "app",
    );
    expect(news.map(({ at, mood, text }) => [(at - T0) / 1_000, mood, text])).to.deep.equal([
      [25, "decision", "NotReady: 2 of 2 pods did not become ready"],
      [25.1, "decision", "rolls Deployment app back from second to first, app:1, and verifies the rollback"],
      [31, "good", "Recovered: Revision 3 (first) is serving again. (Incident app-second)"],
    ]);
  });

  it("tells the cause ahead of its effect when both are seen at once", () => {
    const rolledBack = { incidents: [anIncident()], rolledBackAt: "2026-11-21T06:00:25Z" };
    const news = newsBetween(aSight(24, { newest: SECOND }), aSight(26, rolledBack), "app");
    expect(news.map(({ who }) => who)).to.deep.equal(["operator", "operator", "cluster", "cluster"]);
    expect(news[2]?.text).to.contain("starts to roll out revision first");
  });

  it("tells each step of an Incident once", () => {
    const incidents = [aRecoveredIncident()];
    expect(textsOf(aSight(40, { incidents }), aSight(41, { incidents }))).to.deep.equal([]);
  });

  it("names the brake when there is no rollback", () => {
    const brake = { reason: "Veto", message: "A veto is set." } as const;
    const held = anIncident({ phase: "Held", brake });
    expect(textsOf(aSight(20), aSight(30, { incidents: [held] }))).to.include(
      "no rollback, Veto: A veto is set.",
    );
  });

  it("keeps the operator's times between the two looks, since its clock may be a moment off", () => {
    const [news] = newsBetween(aSight(26), aSight(27, { incidents: [anIncident()] }), "app");
    expect(news?.at).to.equal(T0 + 26_000);
  });

  it("tells of the first revision's pods after a rollback", () => {
    const texts = textsOf(aSight(1, { newest: SECOND }), aSight(2, { newest: { ...FIRST, ready: 2 } }));
    expect(texts).to.deep.equal([
      "the Deployment starts to roll out revision first, app:1",
      "2 of 3 pods of app:1 are ready",
    ]);
  });
});
