import { expect } from "chai";
import { parseOptions } from "./options.ts";
import { SUITES } from "./suites/suite-names.ts";

function errorOf(...args: string[]): string {
  const parsed = parseOptions(args);
  return "error" in parsed ? parsed.error : `understood: ${JSON.stringify(parsed)}`;
}

describe("the options of npm run e2e", () => {
  it("are all suites, once, on the cluster that is named", () => {
    expect(parseOptions(["--cluster", "local"])).to.deep.equal({
      options: {
        cluster: "local",
        suites: [
          "contract",
          "scenarios",
          "getting-started",
          "permissions",
          "appliers",
          "chart",
          "leader",
          "restarts",
          "prometheus",
          "metrics",
          "alerts",
          "idle",
        ],
        only: undefined,
        repeat: 1,
        report: false,
        keep: false,
        yes: false,
      },
    });
  });

  it("choose suites, which run in their own order", () => {
    const parsed = parseOptions(["--cluster", "kind", "--suite", "idle", "--suite", "contract"]);
    expect("options" in parsed && parsed.options.suites).to.deep.equal(["contract", "idle"]);
  });

  it("leave out suites", () => {
    const parsed = parseOptions(["--cluster", "local", "--skip", "idle", "--skip", "contract"]);
    const left = SUITES.filter((suite) => suite !== "idle" && suite !== "contract");
    expect("options" in parsed && parsed.options.suites).to.deep.equal(left);
    for (const more of [
      ["--suite", "idle"],
      SUITES.flatMap((suite) => ["--skip", suite]),
      ["--skip", "scenario"],
    ]) {
      expect(parseOptions(["--cluster", "local", "--skip", "idle", ...more])).to.have.property("error");
    }
  });

  it("say what to write where something is missing or unknown", () => {
    expect(errorOf()).to.contain("--cluster must be one of local, kind, existing");
    expect(errorOf("--cluster", "minikube")).to.contain("local, kind, existing");
    expect(errorOf("--cluster", "local", "--suite", "speed")).to.contain(
      "must be one of contract, scenarios",
    );
    expect(errorOf("--cluster", "local", "--repeat", "0")).to.contain("a whole number of at least 1");
    expect(errorOf("--klaster", "local")).to.contain("--klaster");
  });

  it("have a help that shows each of them", () => {
    const parsed = parseOptions(["--help"]);
    const help = "help" in parsed ? parsed.help : "";
    for (const flag of ["--cluster", "--suite", "--only", "--repeat", "--report", "--keep", "--yes"]) {
      expect(help).to.contain(flag);
    }
  });
});
