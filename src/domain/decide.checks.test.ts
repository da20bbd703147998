// What metric and HTTP checks do to whole decisions: what is asked, what is remembered, and what a revision earns.
import { expect } from "chai";
import type { MetricSample } from "./snapshot/metric-sample.ts";
import { regainedReadiness } from "./testing/a-pod.ts";
import { GOOD, NEW } from "./testing/a-revision.ts";
import { anIncident } from "./testing/an-incident.ts";
import {
  decisionIn,
  expectLeftAlone,
  expectRollback,
  statusAfter,
  verdictAfter,
} from "./testing/expect-decision.ts";
import { completedAfter, withIncidents, withOldPods, withPods, withStatus } from "./testing/facts.ts";
import { later, minutes, seconds, written } from "./testing/instants.ts";
import {
  answeredWith,
  answersOf,
  counts,
  measured,
  side,
  tried,
  withHttpCheck,
  withMetricCheck,
} from "./testing/samples.ts";
import { aRestoredWorkload, aRollout, aSettledWorkload, at, type Scene } from "./testing/scene.ts";

const WORSE = counts(side(60, 300), side(3, 900));
const SAME = counts(side(6, 300), side(18, 900));
const baked = [completedAfter(seconds(10)), at(minutes(6))] as const;
const asks = (scene: Scene) =>
  decisionIn(scene).questions.map(({ ask, maxAgeMs }) => `${ask} ${maxAgeMs / 1_000}s`);

describe("decide, with metric and HTTP checks", () => {
  it("asks while a rollout is watched, seldom while nothing is rolled out, and nothing without such checks", () => {
    expect(asks(aRollout(withMetricCheck()))).to.deep.equal(["metricSample 15s", "metricSample 300s"]);
    expect(asks(aRollout(withHttpCheck()))).to.deep.equal(["httpSample 10s"]);
    expect(asks(aSettledWorkload(withHttpCheck()))).to.deep.equal(["httpSample 240s"]);
    expect(asks(aSettledWorkload(withMetricCheck()))).to.deep.equal(["metricSample 240s"]);
    expect([...asks(aRollout()), ...asks(aSettledWorkload())]).to.deep.equal([]);
  });

  it("decides again when new pods are ready for long enough, although nothing else happens", () => {
    const wakesIn = (scene: Scene) => (decisionIn(scene).wakeAt ?? 0) - scene.now;
    expect(wakesIn(aRollout(withMetricCheck({ initialDelay: "50s" })))).to.equal(seconds(10));
    expect(wakesIn(aRollout(withHttpCheck({ initialDelay: "60s" })))).to.equal(seconds(5));
    const replaced = withPods(3, regainedReadiness(later(0)));
    const settled = aSettledWorkload(withHttpCheck({ initialDelay: "60s" }), replaced, at(seconds(10)));
    expect(wakesIn(settled)).to.equal(seconds(50));
    const verifying = aRestoredWorkload(
      withMetricCheck({ initialDelay: "30s" }),
      withIncidents(anIncident({ phase: "Verifying", sentAt: later(minutes(1)) })),
      at(seconds(80)),
    );
    expect(wakesIn(verifying)).to.equal(seconds(25));
  });

  it("rolls back on the word of a metric check, and the Incident has numbers, query and cause", () => {
    const scene = aRollout(withMetricCheck(), withOldPods(3), measured(WORSE, WORSE));
    const { effects } = expectRollback(scene, GOOD, "MetricsWorse");
    const [opened] = effects.flatMap((effect) => (effect.type === "openIncident" ? [effect.spec] : []));
    expect(opened?.causes?.[0]?.class).to.equal("ErrorRateHigher");
    expect(opened?.findings[0]?.evidence.join("\n")).to.match(
      /60 of 300.*3 of 900.*probability.*\nquery: sum by/,
    );
  });

  it("lets a revision become good without data, and keeps it completed where data are required", () => {
    const without = (required: boolean) =>
      aRollout(withMetricCheck({ required }), ...baked, measured("connect ECONNREFUSED"));
    expect(verdictAfter(without(false), NEW)).to.equal("Good");
    expect(verdictAfter(without(true), NEW)).to.equal("Completed");
    expect(decisionIn(without(true)).message).to.match(
      /becomes good when its required checks have data: errors/,
    );
    const withData = aRollout(withMetricCheck({ required: true }), ...baked, measured(SAME));
    expect(verdictAfter(withData, NEW)).to.equal("Good");
  });

  it("does not let a revision become good while a check is pending", () => {
    const scene = aRollout(
      withMetricCheck({ max: "5%" }),
      ...baked,
      measured(counts(side(60, 300)), counts(side(0, 300))),
    );
    expectLeftAlone(scene, "Baking", "RolloutBaking");
  });

  it("says of a good revision whether it was under traffic, and how its pods answered", () => {
    const entry = (scene: Scene) => statusAfter(scene).revisions?.find(({ hash }) => hash === NEW.hash);
    expect(entry(aRollout(withMetricCheck(), ...baked, measured(SAME)))?.hadTraffic).to.equal(true);
    const quiet = counts(side(0, 3));
    expect(entry(aRollout(withMetricCheck(), ...baked, measured(quiet)))).not.to.have.property("hadTraffic");
    const answering = aRollout(
      withHttpCheck(),
      ...baked,
      answeredWith(answersOf("new", 3, { durationMs: 42 })),
    );
    expect(entry(answering)?.answers).to.deep.equal([{ check: "api", milliseconds: 42 }]);
  });

  describe("in the guard's status", () => {
    const scene = aRollout(withMetricCheck(), withOldPods(3), measured(WORSE, SAME));
    const checks = statusAfter(scene).checks;

    it("shows the numbers of each check", () => {
      expect(checks).to.have.length(1);
      expect(checks?.[0]).to.deep.include({
        name: "metrics/errors",
        state: "Pending",
        since: written(scene.now),
      });
      expect(checks?.[0]?.message).to.equal("60 of 300 (20%) against 3 of 900 (0.3%), fails in 15s");
    });

    it("writes new numbers every 15 seconds, and another state at once", () => {
      const known = withStatus({
        checks: [
          { name: "metrics/errors", state: "Passing", message: "5 of 290", at: written(later(seconds(50))) },
        ],
      });
      const messageAfter = (seen: typeof SAME) =>
        statusAfter(aRollout(withMetricCheck(), withOldPods(3), known, measured(seen))).checks?.[0]?.message;
      expect(messageAfter(SAME)).to.equal("5 of 290");
      expect(messageAfter(WORSE)).to.match(/^60 of 300/);
    });

    it("tells the next operator, and commands, what was pending", () => {
      const blind = aRollout(withMetricCheck(), withOldPods(3), withStatus({ checks: checks ?? [] }));
      const decision = decisionIn(blind);
      const [finding] = decision.findings.filter(({ check }) => check === "metrics");
      expect(finding).to.deep.include({ verdict: "pending", reason: "MetricsWorse" });
      expect(statusAfter(blind).checks).to.deep.equal(checks);
    });

    it("forgets the checks of another rollout, and of a guard that has none", () => {
      const stale = withStatus({ checks: checks ?? [] });
      expect(statusAfter(aRollout(stale))).not.to.have.property("checks");
    });
  });

  describe("in the guard's conditions", () => {
    const condition = (scene: Scene, type: string) => {
      const found = statusAfter(scene).conditions?.find((one) => one.type === type);
      return found && `${found.status} ${found.reason}: ${found.message}`;
    };

    it("says that the checks can measure, or why not", () => {
      const metrics = (sample: MetricSample | string) =>
        condition(aRollout(withMetricCheck(), withOldPods(3), measured(sample)), "MetricsAvailable");
      expect(metrics(SAME)).to.match(/^True ChecksAnswered/);
      expect(metrics("connect ECONNREFUSED")).to.equal("False CannotAsk: errors: connect ECONNREFUSED");
      expect(metrics({ kind: "invalid", message: "use sum()" })).to.equal(
        "False CheckInvalid: errors: use sum()",
      );
      const cut = answersOf("new", 3, { class: "connectTimeout" });
      const http = aRollout(withHttpCheck(), withOldPods(3), answeredWith(cut));
      expect(condition(http, "HttpChecksPossible")).to.match(
        /^False CannotAsk: api: .*cannot reach the pods/,
      );
    });

    it("says before the first rollout that a check finds nothing", () => {
      const found = (old: "noSeries" | ReturnType<typeof side>) =>
        condition(aSettledWorkload(withMetricCheck(), tried(counts("noSeries", old))), "MetricsAvailable");
      expect(found("noSeries")).to.match(/^False NoSeries: errors: /);
      expect(found(side(0, 0))).to.match(/^True ChecksAnswered/);
    });

    it("says nothing before the first answer, and nothing without such checks", () => {
      expect(condition(aRollout(withMetricCheck()), "MetricsAvailable")).to.equal(undefined);
      const former = {
        type: "MetricsAvailable",
        status: "True" as const,
        reason: "ChecksAnswered",
        message: "",
        lastTransitionTime: written(later(0)),
      };
      expect(condition(aRollout(withStatus({ conditions: [former] })), "MetricsAvailable")).to.equal(
        undefined,
      );
      expect(
        condition(aRollout(withMetricCheck(), withStatus({ conditions: [former] })), "MetricsAvailable"),
      ).to.match(/^True/);
    });
  });

  describe("after a rollback", () => {
    const restored = (sample: typeof SAME) =>
      aRestoredWorkload(
        withMetricCheck({ max: "5%" }),
        withIncidents(anIncident({ phase: "Verifying", sentAt: later(minutes(1)) })),
        at(seconds(110)),
        measured(sample, sample),
      );

    it("asks about the restored revision while that is watched", () => {
      expect(asks(restored(counts(side(6, 300))))).to.include("metricSample 15s");
    });

    it("does not call it recovered when the errors stay", () => {
      const decision = decisionIn(restored(counts(side(60, 300))));
      expect(decision.reason, decision.message).to.equal("NotRecovered");
      expect(decision.message).to.include("60 of 300 (20%)");
    });
  });
});
