import { expect } from "chai";
import { COMMANDS } from "./command-table.ts";
import { runCommand } from "./testing/run-command.ts";

const SHOWN = Object.entries(COMMANDS).filter(([, { isHidden }]) => !isHidden);

describe("kubectl rolloutguard", () => {
  for (const [name] of [["", {}] as const, ...SHOWN]) {
    it(`${name || "without a command"}: the help fits a screen of 24 lines and 80 columns, and shows an example`, async () => {
      const { exitCode, out, err } = await runCommand(name ? [name, "--help"] : []);
      expect([exitCode, err]).to.deep.equal([0, ""]);
      const lines = out.trimEnd().split("\n");
      expect(lines.length, out).to.be.below(24);
      for (const line of lines) expect(line.length, line).to.be.at.most(80);
      expect(out).to.match(/Example/);
      if (name) expect(out).to.include("Exit codes: 0 ").and.to.include(`kubectl rolloutguard ${name}`);
    });
  }

  it("lists every command with one line, and no hidden one", async () => {
    const { out } = await runCommand(["--help"]);
    for (const [name] of SHOWN) expect(out).to.match(new RegExp(`^  ${name} +\\S.{10,}$`, "m"));
    expect(out).to.not.include("__complete");
  });

  it("guesses at a command that is mistyped", async () => {
    const { exitCode, err } = await runCommand(["lnit"]);
    expect(exitCode).to.equal(2);
    expect(err).to.include("Did you mean lint?").and.to.include("kubectl rolloutguard --help");
  });

  it("says which flag is wrong, what is allowed, and where help is", async () => {
    const unknown = await runCommand(["lint", "--sevrity", "info"]);
    expect(unknown.exitCode).to.equal(2);
    expect(unknown.err).to.include("--severity").and.to.include("kubectl rolloutguard lint --help");
    const choice = await runCommand(["lint", "-o", "xml"]);
    expect([choice.exitCode, choice.out]).to.deep.equal([2, ""]);
    expect(choice.err).to.include("sarif");
  });

  it("takes global flags before and after the command, and the one behind it counts", async () => {
    const errorOf = async (...args: readonly string[]) => (await runCommand(args)).err;
    expect(await errorOf("--kubeconfig", "/no/a", "status")).to.include("/no/a");
    expect(await errorOf("status", "--kubeconfig=/no/b")).to.include("/no/b");
    expect(await errorOf("--kubeconfig", "/no/a", "lint", "--kubeconfig", "/no/b")).to.include("/no/b");
    expect(await errorOf("--as-group", "ops", "status")).to.include("--as-group needs --as USER");
    expect(await errorOf("--request-timeout", "soon", "status")).to.include(
      "--request-timeout soon: pass a duration such as 30s or 2m",
    );
  });

  it("lists the global flags", async () => {
    const { out } = await runCommand(["options"]);
    for (const flag of [
      "-n, --namespace",
      "--context",
      "--kubeconfig",
      "--as ",
      "--as-group",
      "--request-timeout",
    ])
      expect(out).to.match(new RegExp(`^  ${flag}.* {2,}\\S`, "m"));
    expect(out).not.to.include("--clock-rate");
  });

  it("prints its version", async () => {
    expect((await runCommand(["--version"])).out).to.match(/^\d+\.\d+\.\d+/);
  });
});
