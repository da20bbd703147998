import { readFileSync } from "node:fs";
import { expect } from "chai";
import { withoutLoggedSecrets } from "./log-secret-patterns.ts";
import { withoutSecrets } from "./secret-patterns.ts";

const CORPUS = readFileSync(new URL("./testing/secret-corpus.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !/^##? /.test(line))
  .map((line) => line.replaceAll("⏎", "\n"));

const written = (line: string) => line.replace(/[⟦⟧]/g, "");
const shown = (line: string) => line.replace(/⟦[^⟧]*⟧/g, "***");

describe("the corpus of secrets", () => {
  it("has 200 lines and more, with secrets and without", () => {
    expect(CORPUS.length).to.be.greaterThan(200);
    expect(CORPUS.filter((line) => line.includes("⟦")).length).to.be.within(100, CORPUS.length - 80);
  });

  for (const [name, mask] of Object.entries({ withoutSecrets, withoutLoggedSecrets })) {
    it(`is masked by ${name} exactly where it is secret`, () => {
      const wrong = CORPUS.filter((line) => mask(written(line)) !== shown(line)).map(
        (line) => `${line}\n  became ${mask(written(line))}`,
      );
      expect(wrong.join("\n")).to.equal("");
    });

    it(`is left as it is when ${name} reads what it has masked`, () => {
      for (const line of CORPUS) expect(mask(shown(line))).to.equal(shown(line));
    });
  }
});
