import { expect } from "chai";
import { wrap } from "./screen.ts";

describe("wrap", () => {
  it("breaks at spaces so that no line is longer than the width", () => {
    expect(wrap("one two three four", 9)).to.deep.equal(["one two", "three", "four"]);
  });

  it("keeps a word whole that is longer than the width", () => {
    expect(wrap("a http://10.244.0.16:80/healthz b", 8)).to.deep.equal([
      "a",
      "http://10.244.0.16:80/healthz",
      "b",
    ]);
  });

  it("fills a line to the last character", () => {
    expect(wrap("abc def", 7)).to.deep.equal(["abc def"]);
  });
});
