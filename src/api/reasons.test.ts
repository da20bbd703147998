import { expect } from "chai";
import { BRAKE_REASONS, FINDING_REASONS, REQUEST_REASONS, STATE_REASONS } from "./reasons.ts";

describe("reasons", () => {
  const tables = [FINDING_REASONS, REQUEST_REASONS, BRAKE_REASONS, STATE_REASONS];
  const all = tables.flatMap((table) => Object.entries(table));

  it("have each one meaning", () => {
    const words = all.map(([reason]) => reason);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).to.deep.equal([]);
  });

  it("are words in CamelCase, as conditions demand, explained in a sentence", () => {
    for (const [reason, says] of all) {
      expect(reason).to.match(/^[A-Z][A-Za-z]+$/);
      expect(says).to.match(/^[A-Z].*\.$/);
    }
  });
});
