import { expect } from "chai";
import { parseOptions } from "./options.ts";

describe("parseOptions", () => {
  it("plays all scenarios, six times as fast, and ends, when nothing is said", () => {
    const parsed = parseOptions([]);
    expect(parsed).to.have.nested.property("options.scenarios").with.length(6);
    expect(parsed).to.deep.include({
      options: { ...("options" in parsed && parsed.options), keep: false, speed: 6 },
    });
  });

  it("plays the scenario that is named, and no other", () => {
    const parsed = parseOptions(["--scenario", "slow-start", "--keep", "--speed", "2"]);
    const options = "options" in parsed ? parsed.options : undefined;
    expect(options?.scenarios.map(({ name }) => name)).to.deep.equal(["slow-start"]);
    expect(options).to.include({ keep: true, speed: 2 });
  });

  it("answers a wrong name with the nearest one and the list", () => {
    const parsed = parseOptions(["--scenario", "wrong-prt"]);
    expect(parsed)
      .to.have.property("error")
      .that.contains("Did you mean wrong-port?")
      .and.contains("slow-start");
  });

  it("guesses nothing for a name that is far from all", () => {
    expect(parseOptions(["--scenario", "xyz"]))
      .to.have.property("error")
      .that.does.not.contain("Did you mean");
  });

  for (const speed of ["0", "fast", "21", "-1", ""]) {
    it(`refuses the speed "${speed}" with what is allowed`, () => {
      expect(parseOptions([`--speed=${speed}`]))
        .to.have.property("error")
        .that.contains("from 1 to 20");
    });
  }

  it("refuses what it does not know and points to the help", () => {
    expect(parseOptions(["--sped", "3"]))
      .to.have.property("error")
      .that.contains("--sped")
      .and.contains("--help");
  });

  it("lists every scenario with what it is about", () => {
    const parsed = parseOptions(["--list"]);
    const lines = "text" in parsed ? parsed.text.trimEnd().split("\n") : [];
    expect(lines).to.have.length(6);
    expect(lines[0]).to.match(/^ {2}wrong-port +the readiness probe uses the wrong port$/);
  });

  it("helps before it complains about anything else", () => {
    expect(parseOptions(["--help", "--scenario", "none"]))
      .to.have.property("text")
      .that.contains("--keep");
  });
});
