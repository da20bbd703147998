import { expect } from "chai";
import type { HttpAnswer } from "../snapshot/http-sample.ts";
import { GOOD, remembered } from "../testing/a-revision.ts";
import { expectFailing, expectHealthy, expectPending, rolloutIn } from "../testing/expect-verdict.ts";
import { withOldPods } from "../testing/facts.ts";
import { minutes, seconds } from "../testing/instants.ts";
import { answeredWith, answersOf, withHttpCheck } from "../testing/samples.ts";
import { aRollout, at, ledger, type Scene } from "../testing/scene.ts";
import { http } from "./http.ts";

type Answers = readonly HttpAnswer[];
const OLD = answersOf("old", 3);
const BAD: Answers = [...answersOf("new", 3, { class: "status", status: 500 }), ...OLD];
const WELL: Answers = [...answersOf("new", 3), ...OLD];
const whileOldPodsServe = (...samples: readonly (Answers | string)[]) =>
  aRollout(withHttpCheck(), withOldPods(3), answeredWith(...samples));

function unknownIn(scene: Scene): string {
  const finding = http(rolloutIn(scene), scene.now);
  return finding.verdict === "unknown" ? finding.message : finding.verdict;
}

describe("HTTP checks", () => {
  it("fail after three bad answers in a row of at least half of the new pods", () => {
    const finding = expectFailing(http, "HttpFailing", whileOldPodsServe(BAD, BAD, BAD));
    expect(finding.message).to.equal("api: 0 of 3 pods answer GET /api/ping as expected: status 500");
    expect(finding.evidence[0]).to.equal("HTTP check api: GET /api/ping of pod new-0: status 500");
  });

  it("wait for the third, and for the time that the guard gives", () => {
    expectPending(http, whileOldPodsServe(BAD, BAD, WELL), seconds(70));
    const patient = (...samples: readonly Answers[]) =>
      aRollout(withHttpCheck({ for: "40s" }), withOldPods(3), at(minutes(3)), answeredWith(...samples));
    expectPending(http, patient(BAD, BAD, BAD, WELL), minutes(3) + seconds(20));
    expectFailing(http, "HttpFailing", patient(BAD, BAD, BAD, BAD, BAD));
  });

  it("begin again with each good answer, and with each pod that is well", () => {
    expectHealthy(http, whileOldPodsServe(WELL, BAD, BAD, BAD));
    const one = [
      ...answersOf("new", 1, { class: "status", status: 500 }),
      ...answersOf("new", 3).slice(1),
      ...OLD,
    ];
    expectHealthy(http, whileOldPodsServe(one, one, one));
  });

  for (const [kind, words] of [
    ["refused", "connection refused"],
    ["reset", "connection reset"],
    ["tls", "no TLS connection"],
    ["body", "the body does not match"],
    ["tooLarge", "the headers are too large"],
    ["connectTimeout", "timeout while connecting"],
  ] as const) {
    it(`tell ${kind} apart, while the old pods answer`, () => {
      const bad = [...answersOf("new", 3, { class: kind, durationMs: undefined }), ...OLD];
      const finding = expectFailing(http, "HttpFailing", whileOldPodsServe(bad, bad, bad));
      expect(finding.message).to.include(words);
    });
  }

  describe("find slow answers", () => {
    const slow = (durationMs: number, oldMs = 20): Answers => [
      ...answersOf("new", 3, { durationMs }),
      ...answersOf("old", 3, { durationMs: oldMs }),
    ];

    it("beyond the limit and beyond twice those of the old pods", () => {
      const scene = whileOldPodsServe(slow(4_000), slow(4_000), slow(4_000));
      expect(expectFailing(http, "AnswersSlow", scene).message).to.match(
        /answers after 4s, 4s against 20ms$/,
      );
    });

    it("that do not come within the timeout", () => {
      const late = [...answersOf("new", 3, { class: "timeout", durationMs: undefined }), ...OLD];
      const finding = expectFailing(http, "AnswersSlow", whileOldPodsServe(late, late, late));
      expect(finding.message).to.include("no answer within 2s");
    });

    it("and leave alone what is slower within the limits, or as slow as before", () => {
      expectHealthy(http, whileOldPodsServe(slow(900), slow(900), slow(900)));
      expectHealthy(http, whileOldPodsServe(slow(4_000, 2_500), slow(4_000, 2_500), slow(4_000, 2_500)));
    });
  });

  describe("cannot tell", () => {
    it("when the old pods answer as badly", () => {
      const both = [
        ...answersOf("new", 3, { class: "status", status: 503 }),
        ...answersOf("old", 3, { class: "status", status: 503 }),
      ];
      expect(unknownIn(whileOldPodsServe(both, both, both))).to.match(/the old pods answer no better$/);
    });

    it("when no pod ever accepted a connection", () => {
      const cut = [
        ...answersOf("new", 3, { class: "connectTimeout" }),
        ...answersOf("old", 3, { class: "connectTimeout" }),
      ];
      expect(unknownIn(whileOldPodsServe(cut, cut, cut))).to.match(/cannot reach the pods .*NetworkPolicy/);
    });

    it("when RolloutGuard must not ask, or gets no answer to give", () => {
      const refused = answersOf("new", 3, { class: "notAllowed", message: "the pods use hostNetwork" });
      expect(unknownIn(whileOldPodsServe(refused, refused))).to.equal("api: the pods use hostNetwork");
      expect(unknownIn(whileOldPodsServe("HTTP checks are off", BAD))).to.equal("api: HTTP checks are off");
    });

    const alone = answersOf("new", 3, { class: "status", status: 404 });
    const afterwards = (passed: boolean) =>
      aRollout(
        withHttpCheck(),
        ledger({
          ...remembered(GOOD, "Good"),
          ...(passed && { answers: [{ check: "api", milliseconds: 30 }] }),
        }),
        answeredWith(alone, alone, alone),
      );

    it("when no pod of the good revision ever passed: the check can be wrong", () => {
      expect(unknownIn(afterwards(false))).to.match(/no pod of the good revision ever passed/);
    });

    it("but can, once the good revision is known to have passed", () => {
      expectFailing(http, "HttpFailing", afterwards(true));
    });
  });
});
