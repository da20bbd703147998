import { expect } from "chai";
import fc from "fast-check";
import { plainText, shortText } from "./plain-text.ts";
import { propertyRuns } from "./testing/property-runs.ts";

describe("plainText", () => {
  it("leaves what people write in any language as it is", () => {
    for (const text of ["a\n\tb", "ошибка", "خطأ", "エラー", "👩‍🚀 naïve"])
      expect(plainText(text)).to.equal(text);
  });

  it("drops colours and carriage returns", () => {
    expect(plainText("\u001b[1;31mpanic\u001b[0m: x\r\ny")).to.equal("panic: x\ny");
  });

  it("replaces control characters, turned writing and halves of characters", () => {
    expect(plainText("a\u0000b\u001bc\u0085d\u202ee\ud83df\u200b")).to.equal("a�b�c�d�e�f�");
  });
});

describe("shortText", () => {
  it("keeps a text that fits", () => {
    expect(shortText("x".repeat(20), 20)).to.equal("x".repeat(20));
    expect(shortText("é".repeat(10), 20)).to.equal("é".repeat(10));
  });

  it("cuts between characters, not inside", () => {
    expect(shortText("👍👍👍", 11)).to.equal("👍👍…");
    expect(shortText("👍👍👍", 10)).to.equal("👍…");
  });

  it("is plain, valid and short enough for any text, and says the same when it is applied again", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 60 }),
        fc.integer({ min: 4, max: 50 }),
        (text, most) => {
          const short = shortText(text, most);
          expect(Buffer.byteLength(short)).to.be.at.most(most);
          expect(short.isWellFormed()).to.equal(true);
          expect(shortText(short, most)).to.equal(short);
        },
      ),
      propertyRuns(500),
    );
  });
});
