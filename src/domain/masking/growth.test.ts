import { expect } from "chai";
import { plainText } from "../plain-text.ts";
import { growthOf, HOSTILE_PIECES, MOST_GROWTH } from "../testing/growth.ts";
import { withoutLoggedSecrets } from "./log-secret-patterns.ts";
import { withoutSecrets } from "./secret-patterns.ts";

describe("masking", () => {
  for (const [name, read] of Object.entries({ plainText, withoutSecrets, withoutLoggedSecrets })) {
    it(`takes time in proportion to the text: ${name}`, () => {
      const slow = HOSTILE_PIECES.map((piece) => ({ piece, growth: growthOf(read, piece) })).filter(
        ({ growth }) => growth > MOST_GROWTH,
      );
      expect(slow).to.deep.equal([]);
    });
  }

  it("would be found out if it looked at the rest of the text again and again", () => {
    const again = (text: string) => {
      for (let at = 0; at < text.length; at++) if (text.includes("!", at)) return;
    };
    expect(growthOf(again, "a")).to.be.greaterThan(MOST_GROWTH);
  });
});
