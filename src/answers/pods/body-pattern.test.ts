import { expect } from "chai";
import { BodyPatternError, bodyMatches } from "./body-pattern.ts";

const LARGEST = 64 * 1_024;
const match = (pattern: string, text: string) => bodyMatches(pattern, Buffer.from(text));
const failing = (pattern: string) =>
  match(pattern, "a").then(
    () => undefined,
    (error: unknown) => error,
  );

describe("bodyMatches", () => {
  it("finds the pattern anywhere", async () => {
    expect(await match('"ok":true', '{"name":"shop","ok":true}')).to.equal(true);
    expect(await match("^OK$", "OK")).to.equal(true);
    expect(await match("(?i)ready", "Service READY.")).to.equal(true);
    expect(await match("^OK$", "NOT OK")).to.equal(false);
    expect(await match("grüße", "Viele Grüße".toLowerCase())).to.equal(true);
  });

  it("stays quick for patterns that explode elsewhere, on the largest body", async () => {
    const patterns = [
      "(a+)+$",
      "(a|a)*b",
      "(x+x+)+y",
      "(.*)(.*)(.*)(.*)=",
      "(?:a|b|ab|ba|abc)*[0-9]",
      "^(([a-z])+.)+[A-Z]$",
    ];
    // With backtracking, one of these alone would outlast the test run.
    for (const pattern of patterns)
      expect(await match(pattern, `${"a".repeat(LARGEST - 1)}!`), pattern).to.equal(false);
  });

  it("refuses what is no pattern, and what would need the processor for long", async () => {
    for (const pattern of ["(", "[z-a]", "a{2000}", "(a)\\1", "(?=a)", "((a{30}){30}){30}"])
      expect(await failing(pattern), pattern).to.be.instanceOf(BodyPatternError);
    for (const pattern of ["(?i)\\pL{900}x", "(a?){40}a{40}b"])
      expect(await failing(pattern), pattern)
        .to.have.property("message")
        .that.contains("too complex");
  });

  it("takes bytes that are no text", async () => {
    expect(await bodyMatches("ok", Buffer.from([0xff, 0xfe, 0x6f, 0x6b]))).to.equal(true);
  });
});
