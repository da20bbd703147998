import { expect } from "chai";
import type { PodEventsQuestion, Question } from "../../../domain/snapshot/question.ts";
import { aRollout } from "../../../domain/testing/scene.ts";
import { snapshotOf } from "../../../domain/testing/snapshot-of.ts";
import { Caches } from "../../../kube/caches/caches.ts";
import { rawEvent } from "../../../kube/testing/raw-objects.ts";
import { RecordedAnswers } from "./recorded-answers.ts";

const SNAPSHOT = snapshotOf(aRollout());
const EVENTS: PodEventsQuestion = {
  ask: "podEvents",
  key: "podEvents",
  for: "decide",
  maxAgeMs: 15_000,
  pods: [{ name: "p", uid: "uid-p" }],
};
const LOG = { ask: "podLog", key: "podLog", for: "record", maxAgeMs: 0 } as Question;
const scaleUp = (name: string, involved: string) => ({
  ...rawEvent(name, "Pod", involved),
  type: "Normal",
  reason: "TriggeredScaleUp",
});

const said = (at: number, value: unknown) => ({ at, key: "podEvents", answer: { at, value } });
const valueIn = (answers: RecordedAnswers) => {
  const { podEvents } = answers.known;
  return podEvents && "value" in podEvents ? podEvents.value : podEvents;
};

describe("RecordedAnswers", () => {
  it("answers what was recorded, from when it came until the next", () => {
    const answers = new RecordedAnswers([said(10_000, "first"), said(25_000, "second")], new Caches());
    expect(answers.ask([EVENTS], SNAPSHOT, 5_000)).to.equal(false);
    expect(answers.nextAt(5_000)).to.equal(10_000);
    expect(answers.ask([EVENTS], SNAPSHOT, 10_000)).to.equal(true);
    expect(valueIn(answers)).to.equal("first");
    expect(answers.ask([EVENTS], SNAPSHOT, 20_000)).to.equal(false);
    expect(answers.ask([EVENTS], SNAPSHOT, 25_000)).to.equal(true);
    expect(valueIn(answers)).to.equal("second");
    expect(answers.nextAt(25_000)).to.equal(undefined);
  });

  it("answers for Events about pods with those that were recorded, as often as the question's age allows", () => {
    const answers = new RecordedAnswers([], new Caches());
    answers.take("ADDED", scaleUp("other", "another"));
    expect(answers.ask([EVENTS], SNAPSHOT, 1_000)).to.equal(true);
    expect(valueIn(answers)).to.deep.equal([]);
    answers.take("ADDED", scaleUp("e", "p"));
    expect(answers.ask([EVENTS], SNAPSHOT, 15_999)).to.equal(false);
    expect(answers.nextAt(15_999)).to.equal(16_000);
    expect(answers.ask([EVENTS], SNAPSHOT, 16_000)).to.equal(true);
    expect(valueIn(answers)).to.have.nested.property("[0].reason", "TriggeredScaleUp");
  });

  it("remembers earlier values for a question that wants them, as the operator would", () => {
    const answers = new RecordedAnswers(
      [said(10_000, "first"), said(25_000, "second"), said(40_000, "third")],
      new Caches(),
    );
    const remembering = { ...EVENTS, rememberMs: 20_000 };
    expect(answers.ask([remembering], SNAPSHOT, 40_000)).to.equal(true);
    expect(answers.ask([remembering], SNAPSHOT, 41_000)).to.equal(false);
    expect(answers.known.podEvents?.earlier).to.deep.equal([{ at: 25_000, value: "second" }]);
  });

  it("keeps no answer that nobody asks for any more", () => {
    const answers = new RecordedAnswers([said(0, "first")], new Caches());
    answers.ask([EVENTS], SNAPSHOT, 1_000);
    answers.ask([], SNAPSHOT, 2_000);
    expect(answers.known).to.deep.equal({});
    expect(answers.nextAt(2_000)).to.equal(undefined);
  });

  it("gives an Incident the answer that the recorder got at about the same moment, or none", () => {
    const answer = { at: 9_000, unavailable: "forbidden" };
    const answers = new RecordedAnswers([{ at: 9_000, key: "podLog", answer }], new Caches());
    expect(answers.toRecord([LOG], 8_700)).to.deep.equal({ podLog: answer });
    expect(answers.toRecord([LOG], 30_000)).to.deep.equal({ podLog: answer });
    expect(answers.toRecord([EVENTS], 8_700)).to.deep.equal({});
  });
});
