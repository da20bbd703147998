import { expect } from "chai";
import { Command } from "commander";
import { UsageError } from "./exit-codes.ts";
import { oneOf, onOff, positiveInteger, readFlags, repeated, span, text } from "./flags.ts";

const FLAGS = {
  reason: text("--reason <TEXT>", "why"),
  isSure: onOff("-y, --yes", "do not ask"),
  timeoutMs: span("--timeout <SPAN>", "how long", "10m"),
  limitMs: span("--for <SPAN>", "how long"),
  revision: positiveInteger("--to-revision <N>", "which", "write a number"),
  severity: oneOf("--severity <LOWEST>", "from where", ["error", "warning"], "warning"),
  output: oneOf("-o, --output <FORM>", "as what", ["json", "yaml"]),
  ignored: repeated("--ignore <RULE>", "leave out", (id) => {
    if (id === "nonsense") throw new UsageError("--ignore nonsense: there is no such rule");
  }),
};

/** The values of a command line with these flags. */
function read(...words: readonly string[]) {
  const command = new Command();
  for (const { option } of Object.values(FLAGS)) command.addOption(option);
  command.parse(words, { from: "user" });
  return readFlags(FLAGS, command.opts());
}

describe("readFlags", () => {
  it("has a value for every flag, its default or none", () => {
    expect(read()).to.deep.equal({
      reason: undefined,
      isSure: false,
      timeoutMs: 600_000,
      limitMs: undefined,
      revision: undefined,
      severity: "warning",
      output: undefined,
      ignored: [],
    });
  });

  it("makes values of texts", () => {
    const words = "--reason why -y --timeout 90s --for 2m --to-revision 3 --severity error -o json";
    expect(read(...words.split(" "), "--ignore", "a", "--ignore=b")).to.deep.equal({
      reason: "why",
      isSure: true,
      timeoutMs: 90_000,
      limitMs: 120_000,
      revision: 3,
      severity: "error",
      output: "json",
      ignored: ["a", "b"],
    });
  });

  it("forgets one command line before it reads the next", () => {
    read("--ignore", "a", "-y");
    expect(read()).to.include({ isSure: false }).and.to.deep.include({ ignored: [] });
  });

  for (const [words, message] of [
    [["--timeout", "soon"], "--timeout soon: pass a duration such as 90s or 10m"],
    [["--to-revision", "0"], "--to-revision 0: write a number"],
    [["--to-revision", "1.5"], "--to-revision 1.5: write a number"],
    [["--ignore", "a", "--ignore", "nonsense"], "--ignore nonsense: there is no such rule"],
  ] as const) {
    it(`refuses ${words.join(" ")} and says what to write instead`, () => {
      expect(() => read(...words)).to.throw(UsageError, message);
    });
  }
});
