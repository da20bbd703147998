import { expect } from "chai";
import type { PodEventsQuestion, Question } from "../domain/snapshot/question.ts";
import { aRollout } from "../domain/testing/scene.ts";
import { snapshotOf } from "../domain/testing/snapshot-of.ts";
import { ManualClock } from "../kube/testing/manual-clock.ts";
import { AnswerScheduler } from "./answer-scheduler.ts";

const KEY = "shop/checkout/Deployment/checkout";
const SNAPSHOT = snapshotOf(aRollout());
const EVENTS: PodEventsQuestion = {
  ask: "podEvents",
  key: "podEvents",
  for: "decide",
  maxAgeMs: 15_000,
  pods: [],
};
const LOG: Question = {
  ask: "podLog",
  key: "podLog",
  for: "record",
  maxAgeMs: 0,
  pod: "checkout-1",
  container: "app",
  previous: true,
};

/** A scheduler whose port holds back each answer until the test gives it. */
function aScheduler() {
  const clock = new ManualClock();
  const asked: { readonly question: Question; readonly resolve: () => void; readonly reject: () => void }[] =
    [];
  const news: string[] = [];
  const scheduler = new AnswerScheduler({
    answers: {
      answer(question) {
        const { promise, resolve, reject } = Promise.withResolvers<[]>();
        asked.push({
          question,
          resolve: () => resolve([]),
          reject: () => reject(new Error("no such thing")),
        });
        return promise;
      },
    },
    clock,
    onAnswer: (key) => void news.push(key),
  });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const answer = async (index: number) => {
    asked[index]?.resolve();
    await settle();
  };
  return { scheduler, clock, asked, news, answer, settle };
}

describe("AnswerScheduler", () => {
  it("asks at once, and makes a pass when the answer comes", async () => {
    const { scheduler, clock, asked, news, answer } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    expect(asked).to.have.length(1);
    expect(scheduler.known(KEY)).to.deep.equal({});
    await answer(0);
    expect(news).to.deep.equal([KEY]);
    expect(scheduler.known(KEY)).to.deep.equal({ podEvents: { at: clock.now(), value: [] } });
  });

  it("keeps earlier values of a question that wants them, for as long as it wants them", async () => {
    const { scheduler, clock, asked, answer, settle } = aScheduler();
    const remembered = { ...EVENTS, rememberMs: 30_000 };
    const times: number[] = [];
    for (let index = 0; index < 4; index += 1) {
      scheduler.want(KEY, SNAPSHOT, [remembered]);
      times.push(clock.now());
      if (index === 1) asked[index]?.reject();
      await (index === 1 ? settle() : answer(index));
      if (index < 3) clock.advance(15_000);
    }
    const [, , third, fourth] = times;
    expect(scheduler.known(KEY)).to.deep.equal({
      podEvents: { at: fourth, value: [], earlier: [{ at: third, value: [] }] },
    });
  });

  it("asks a question once at a time, however often it is wanted", async () => {
    const { scheduler, clock, asked, answer } = aScheduler();
    for (let pass = 0; pass < 5; pass += 1) {
      scheduler.want(KEY, SNAPSHOT, [EVENTS]);
      clock.advance(60_000);
    }
    expect(asked).to.have.length(1);
    await answer(0);
    // Older than its age by now.
    expect(asked).to.have.length(2);
  });

  it("asks again when the answer is as old as it can get, and not before, although nothing else happens", async () => {
    const { scheduler, clock, asked, news, answer } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    await answer(0);
    for (let pass = 0; pass < 10; pass += 1) {
      clock.advance(1_499);
      scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    }
    expect(asked).to.have.length(1);
    clock.advance(10);
    expect(asked).to.have.length(2);
    await answer(1);
    expect(news).to.deep.equal([KEY, KEY]);
  });

  it("asks the newest wording of a question", async () => {
    const { scheduler, clock, asked, answer } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    await answer(0);
    const reworded = { ...EVENTS, pods: [{ name: "checkout-1", uid: "1" }] };
    scheduler.want(KEY, SNAPSHOT, [reworded]);
    clock.advance(15_000);
    expect(asked[1]?.question).to.deep.equal(reworded);
  });

  it("keeps no answer and asks nothing once nobody wants to know", async () => {
    const { scheduler, clock, asked, news, answer } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    scheduler.want(KEY, SNAPSHOT, []);
    await answer(0);
    expect(news).to.deep.equal([]);
    expect(scheduler.known(KEY)).to.deep.equal({});
    clock.advance(600_000);
    expect(asked).to.have.length(1);
    expect(clock.pending).to.equal(0);
  });

  it("asks no more often when a question comes and goes", async () => {
    const { scheduler, clock, asked, answer } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    await answer(0);
    for (let pass = 0; pass < 7; pass += 1) {
      scheduler.want(KEY, SNAPSHOT, []);
      scheduler.want(KEY, SNAPSHOT, [EVENTS]);
      clock.advance(2_000);
    }
    expect(asked).to.have.length(1);
    clock.advance(1_000);
    expect(asked).to.have.length(2);
  });

  it("knows why there is no answer, and tries again as soon as it would have asked again", async () => {
    const { scheduler, clock, asked, news, settle } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    asked[0]?.reject();
    await settle();
    expect(scheduler.known(KEY)).to.deep.equal({
      podEvents: { at: clock.now(), unavailable: "no such thing" },
    });
    expect(news).to.deep.equal([KEY]);
    clock.advance(15_000);
    expect(asked).to.have.length(2);
  });

  it("asks in the background only what a decision depends on", () => {
    const { scheduler, asked } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [LOG]);
    expect(asked).to.deep.equal([]);
  });

  it("asks what an Incident records at once, side by side, and never rejects", async () => {
    const { scheduler, clock, asked, answer, settle } = aScheduler();
    const policies: Question = { ask: "networkPolicies", key: "networkPolicies", for: "record", maxAgeMs: 0 };
    const answers = scheduler.askToRecord(SNAPSHOT, [LOG, EVENTS, policies]);
    expect(asked.map(({ question }) => question.ask)).to.deep.equal(["podLog", "networkPolicies"]);
    await answer(0);
    asked[1]?.reject();
    await settle();
    const at = clock.now();
    expect(await answers).to.deep.equal({
      podLog: { at, value: [] },
      networkPolicies: { at, unavailable: "no such thing" },
    });
  });

  it("forgets a guard that is gone: its answer makes no pass", async () => {
    const { scheduler, clock, news, answer } = aScheduler();
    scheduler.want(KEY, SNAPSHOT, [EVENTS]);
    scheduler.forget(KEY);
    await answer(0);
    expect(news).to.deep.equal([]);
    expect(clock.pending).to.equal(0);
  });
});
