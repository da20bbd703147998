import { expect } from "chai";
import { metricQuestions } from "../questions/metric-samples.ts";
import type { MetricSample } from "../snapshot/metric-sample.ts";
import { beingDeleted, createdAt, lostReadiness } from "../testing/a-pod.ts";
import { expectFailing, expectHealthy, expectPending, rolloutIn } from "../testing/expect-verdict.ts";
import { withOldPods, withPods } from "../testing/facts.ts";
import { later, minutes, seconds } from "../testing/instants.ts";
import { counts, measured, measuredBefore, side, withMetricCheck } from "../testing/samples.ts";
import { aRollout, at, type Fact, type Scene } from "../testing/scene.ts";
import { metrics } from "./metrics.ts";

const WORSE = counts(side(60, 300), side(3, 900));
const SAME = counts(side(6, 300), side(18, 900));
const whileOldPodsServe = (...facts: readonly Fact[]) =>
  aRollout(withMetricCheck(), withOldPods(3), ...facts);
const afterwards = (...facts: readonly Fact[]) => aRollout(withMetricCheck(), ...facts);

/** What the check says that it cannot tell. */
function unknownIn(scene: Scene): string {
  const finding = metrics(rolloutIn(scene), scene.now);
  return finding.verdict === "unknown" ? finding.message : `${finding.verdict}`;
}

describe("metric checks", () => {
  it("fail when the new pods are worse than the old ones in two samples in a row", () => {
    const finding = expectFailing(metrics, "MetricsWorse", whileOldPodsServe(measured(WORSE, WORSE)));
    expect(finding.message).to.equal("errors: 60 of 300 (20%) against 3 of 900 (0.3%)");
    expect(finding.evidence[0]).to.match(/by chance with a probability of \d+e-\d+$/);
    expect(finding.evidence[1]).to.match(/^query: /);
  });

  it("wait for the second sample", () => {
    const finding = expectPending(metrics, whileOldPodsServe(measured(WORSE, SAME)), seconds(75));
    expect(finding)
      .to.have.property("message")
      .that.matches(/fails in 15s$/);
  });

  it("are not moved by a bad sample before a good one", () => {
    expectHealthy(metrics, whileOldPodsServe(measured(SAME, WORSE, WORSE)));
  });

  it("do not fail for what came to one pod at one moment", () => {
    const sample = (total: number) => counts(side(8, total, 1), side(3, 900));
    const finding = expectPending(metrics, whileOldPodsServe(measured(sample(130), sample(100))), "again");
    expect(finding)
      .to.have.property("message")
      .that.matches(/most of it on one pod at one moment$/);
    const again = counts(side(14, 130, 1), side(3, 900));
    expectFailing(metrics, "MetricsWorse", whileOldPodsServe(measured(again, sample(100))));
  });

  it("do not fail before `for` is over", () => {
    const patient = (...samples: readonly MetricSample[]) =>
      aRollout(withMetricCheck({ for: "40s" }), withOldPods(3), at(minutes(3)), measured(...samples));
    expectPending(metrics, patient(WORSE, WORSE), minutes(3) + seconds(25));
    expectFailing(metrics, "MetricsWorse", patient(WORSE, WORSE, WORSE, WORSE));
  });

  describe("leave a release alone", () => {
    const harmless: Readonly<Record<string, Scene>> = {
      "with the error rate of the old pods": whileOldPodsServe(measured(SAME, SAME)),
      "when both sides show errors during the overlap": whileOldPodsServe(
        measured(counts(side(90, 300), side(250, 900)), counts(side(90, 300), side(250, 900))),
      ),
      "that is worse within the difference that is allowed": whileOldPodsServe(
        measured(counts(side(40, 4_000), side(5, 4_000)), counts(side(40, 4_000), side(5, 4_000))),
      ),
      "that is worse within the factor that is allowed": whileOldPodsServe(
        measured(counts(side(300, 2_000), side(200, 2_000)), counts(side(300, 2_000), side(200, 2_000))),
      ),
      "of which one pod of three fails": whileOldPodsServe(
        measured(...[1, 2].map(() => oneOf(3, counts(side(60, 300), side(3, 900))))),
      ),
      "without errors": whileOldPodsServe(measured(counts(side(0, 300), side(0, 900)))),
      "beyond the limit, as the old pods are": aRollout(
        withMetricCheck({ max: "5%", maxIncrease: 10 }),
        withOldPods(3),
        measured(...[1, 2].map(() => counts(side(60, 300), side(180, 900)))),
      ),
      "that has nothing to be compared with": afterwards(
        measured(counts(side(60, 300)), counts(side(60, 300))),
      ),
    };
    for (const [which, scene] of Object.entries(harmless)) {
      it(which, () => {
        expect(metrics(rolloutIn(scene), scene.now).verdict).to.be.oneOf(["healthy", "unknown"]);
      });
    }
  });

  describe("cannot tell", () => {
    for (const [what, sample, says] of [
      [
        "without traffic",
        counts(side(0, 0), side(0, 900)),
        "errors: 0 of 0 against 0 of 900 (0%): not enough traffic: 0 of 20 requests",
      ],
      [
        "with little traffic",
        counts(side(4, 19), side(0, 900)),
        "errors: 4 of 19 (21%) against 0 of 900 (0%): not enough traffic: 19 of 22 requests",
      ],
      [
        "with few old requests",
        counts(side(5, 100), side(0, 50)),
        /not enough traffic: 100 of \d+ requests$/,
      ],
      [
        "without series",
        counts("noSeries", side(0, 900)),
        /^errors: the source has no data about the pods of revision 2/,
      ],
      ["without a source", "connect ECONNREFUSED", "errors: connect ECONNREFUSED"],
      [
        "what is written wrong",
        { kind: "invalid", message: "use sum() or max()" },
        "errors: use sum() or max()",
      ],
    ] as const) {
      it(what, () => {
        const said = unknownIn(whileOldPodsServe(measured(sample, WORSE)));
        if (typeof says === "string") expect(said).to.equal(says);
        else expect(said).to.match(says);
      });
    }
  });

  describe("are compared, where no old pods are left,", () => {
    it("with the last that there were", () => {
      const alone = counts(side(60, 300));
      expectFailing(metrics, "MetricsWorse", afterwards(measured(alone, alone, WORSE)));
    });

    it("with the time before the rollout, by at least three times as much", () => {
      const alone = (bad: number) => measured(counts(side(bad, 1_000)), counts(side(bad, 1_000)));
      const before = measuredBefore(counts("noSeries", side(200, 10_000)));
      expectHealthy(metrics, afterwards(alone(50), before));
      const finding = expectFailing(metrics, "MetricsWorse", afterwards(alone(80), before));
      expect(finding.message).to.equal("errors: 80 of 1,000 (8.0%) against 200 of 10,000 (2.0%) before");
    });

    it("with the limit alone", () => {
      const limited = (bad: number) =>
        aRollout(withMetricCheck({ max: "10%" }), measured(counts(side(bad, 300)), counts(side(bad, 300))));
      expectHealthy(metrics, limited(30));
      const finding = expectFailing(metrics, "MetricsWorse", limited(36));
      expect(finding.evidence[0]).to.match(/more than max: 10%$/);
    });
  });

  describe("by query", () => {
    const query = (limits: object, ...values: readonly (number | "noSeries")[]) =>
      aRollout(
        withMetricCheck({ ratio: undefined, query: "max(queue_depth)", ...limits }),
        withOldPods(3),
        measured(
          ...values.map((value) => ({ kind: "value", value, queries: ["max(queue_depth)"] }) as const),
        ),
      );

    it("fail beyond a limit twice in a row", () => {
      const finding = expectFailing(metrics, "MetricsWorse", query({ max: 1_000 }, 1_001, 1_200));
      expect(finding.message).to.equal("errors: 1001 (max 1000)");
      expectFailing(metrics, "MetricsWorse", query({ min: "0.5" }, 0.4, 0.1));
      expectPending(metrics, query({ max: 1_000 }, 1_001, 999), seconds(75));
    });

    it("pass within their limits, and cannot tell without data", () => {
      expectHealthy(metrics, query({ max: 1_000, min: 0 }, 1_000, 1_200));
      expect(unknownIn(query({ max: 1_000 }, "noSeries", 1_200))).to.match(/no data$/);
    });
  });

  it("say slow of a latency", () => {
    const slow = { ratio: undefined, latency: { histogram: "request_seconds", above: "1s" } };
    const scene = aRollout(withMetricCheck(slow), withOldPods(3), measured(WORSE, WORSE));
    const finding = expectFailing(metrics, "AnswersSlow", scene);
    expect(finding.message).to.equal("errors: 60 of 300 (20%) slower than 1s against 3 of 900 (0.3%)");
  });

  it("decide nothing with mode: Observe, and say what they found", () => {
    const scene = aRollout(withMetricCheck({ mode: "Observe" }), withOldPods(3), measured(WORSE, WORSE));
    expect(unknownIn(scene)).to.match(/^errors \(mode Observe\): 60 of 300/);
  });
});

describe("the questions of metric checks", () => {
  const asked = (scene: Scene) => metricQuestions(rolloutIn(scene), scene.now)[0]?.sample;
  const names = (scene: Scene, which: "new" | "old") => asked(scene)?.[which]?.pods.map(({ name }) => name);

  it("are about pods that are warm, in a window that begins when half of them were", () => {
    const scene = aRollout(withMetricCheck(), withOldPods(3), at(minutes(1)));
    expect(asked(scene)?.windowMs).to.equal(seconds(25));
    expect([names(scene, "new"), names(scene, "old")].map((pods) => pods?.length)).to.deep.equal([3, 3]);
  });

  it("are not asked before a pod is warm", () => {
    expect(asked(aRollout(withMetricCheck(), at(seconds(40))))).to.equal(undefined);
    expect(asked(aRollout(withMetricCheck({ initialDelay: "0s" }), at(seconds(40))))?.windowMs).to.equal(
      seconds(35),
    );
  });

  it("leave out pods that are cold, unready or being deleted", () => {
    const cold = createdAt(later(minutes(2)));
    const scene = (trait: typeof cold) =>
      aRollout(withMetricCheck(), at(minutes(3)), withPods(2), mixed(trait));
    for (const trait of [cold, lostReadiness(later(minutes(2))), beingDeleted]) {
      expect(names(scene(trait), "new"), String(trait)).to.have.length(2);
    }
    const old = aRollout(withMetricCheck(), at(minutes(3)), withOldPods(3, beingDeleted));
    expect(asked(old)).not.to.have.property("old");
  });

  it("never look back further than five minutes", () => {
    expect(asked(aRollout(withMetricCheck(), at(minutes(20))))?.windowMs).to.equal(minutes(5));
  });

  it("ask the pods nothing about the past, nor queries", () => {
    const past = (check: object) => {
      const scene = aRollout(withMetricCheck(check));
      return metricQuestions(rolloutIn(scene), scene.now)[0]?.before;
    };
    expect(past({})).to.deep.include({ windowMs: minutes(30), endAt: later(0) });
    expect(past({ source: "pods" })).to.equal(undefined);
    expect(past({ ratio: undefined, query: "max(depth)", max: 1 })).to.equal(undefined);
  });

  it("have another key when they ask for something else, and the same with other limits", () => {
    const key = (check: object) => asked(aRollout(withMetricCheck(check)))?.key;
    expect(key({ max: "5%", minRequests: 50, for: "1m" })).to.equal(key({}));
    expect(key({ source: "thanos" })).not.to.equal(key({}));
  });
});

function oneOf(count: number, sample: MetricSample): MetricSample {
  if (sample.kind !== "counts" || typeof sample.new !== "object") throw new TypeError("not counts");
  const { bad, total } = sample.new;
  const pods = Array.from({ length: count }, (_, index) => ({
    pod: `pod-${index}`,
    bad: index === 0 ? bad : 0,
    total: total / count,
  }));
  return { ...sample, new: { bad, total, pods } };
}

/** And a third pod of the rollout that is different. */
function mixed(trait: ReturnType<typeof createdAt>): Fact {
  return (scene) => {
    const [first, ...others] = scene.pods ?? [];
    if (first === undefined) return scene;
    const third = trait({ ...first, name: `${first.name}-other`, uid: `${first.uid}-other` });
    return { ...scene, pods: [first, ...others, third] };
  };
}
