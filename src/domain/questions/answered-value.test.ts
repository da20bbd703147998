import { expect } from "chai";
import { answeredValue, answerTo } from "./answered-value.ts";

const QUESTION = { ask: "podEvents", key: "podEvents" } as const;

describe("an answer", () => {
  it("is found by the key of its question, with its value or with why there is none", () => {
    const value = { podEvents: { at: 1, value: [] } };
    expect(answerTo({ answers: value }, QUESTION)).to.equal(value.podEvents);
    expect(answeredValue({ answers: value }, QUESTION)).to.deep.equal([]);
    const none = { podEvents: { at: 1, unavailable: "forbidden" } };
    expect(answerTo({ answers: none }, QUESTION)).to.equal(none.podEvents);
    expect(answeredValue({ answers: none }, QUESTION)).to.equal(undefined);
  });

  it("is undefined where nobody has answered yet", () => {
    expect(answerTo({}, QUESTION)).to.equal(undefined);
    expect(answeredValue({ answers: {} }, QUESTION)).to.equal(undefined);
  });
});
