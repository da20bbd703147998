import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { COMMANDS } from "../../command-table.ts";
import { runCommand } from "../../testing/run-command.ts";
import { SHELL_SCRIPTS } from "./shell-scripts.ts";

async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const { out } = await runCommand(["__complete", ...words]);
  return out
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t")[0] ?? "");
}

describe("completion of kubectl rolloutguard", () => {
  it("offers the commands that begin so, with what they do", async () => {
    const shown = Object.entries(COMMANDS).filter(([, { isHidden }]) => !isHidden);
    expect(await completed("")).to.deep.equal([...shown.map(([name]) => name), "help", ":4"]);
    expect(await completed("li")).to.deep.equal(["lint", ":4"]);
    expect((await runCommand(["__complete", "li"])).out).to.include("lint\tFind mistakes");
  });

  it("offers flags, values of flags, and choices of arguments", async () => {
    expect(await completed("lint", "--sev")).to.deep.equal(["--severity", ":4"]);
    expect(await completed("lint", "--severity", "")).to.deep.equal(["error", "warning", "info", ":4"]);
    expect(await completed("lint", "-o", "s")).to.deep.equal(["sarif", ":4"]);
    expect(await completed("lint", "--severity=w")).to.deep.equal(["--severity=warning", ":4"]);
    // As bash divides it.
    expect(await completed("lint", "--severity", "=", "w")).to.deep.equal(["warning", ":4"]);
    expect(await completed("completion", "")).to.deep.equal(["bash", "zsh", "fish", ":4"]);
  });

  it("offers the same behind global flags, which commands take too", async () => {
    expect(await completed("-n", "shop", "li")).to.deep.equal(["lint", ":4"]);
    expect(await completed("--context=x", "--as", "eve", "lint", "--sev")).to.deep.equal([
      "--severity",
      ":4",
    ]);
    expect(await completed("--cont")).to.deep.equal(["--context", ":4"]);
    expect(await completed("status", "--request")).to.deep.equal(["--request-timeout", ":4"]);
  });

  it("leaves files to the shell, and offers nothing where nothing can be known", async () => {
    expect(await completed("lint", "-f", "k")).to.deep.equal([":0"]);
    expect(await completed("record", "--out", "")).to.deep.equal([":0"]);
    expect(await completed("replay", "--guard", "")).to.deep.equal([":0"]);
    expect(await completed("replay", "a.jsonl", "b")).to.deep.equal([":0"]);
    expect(await completed("lint", "--require-env", "")).to.deep.equal([":4"]);
    expect(await completed("nonsense", "")).to.deep.equal([":4"]);
    expect(await completed("lint", "--kubeconfig", "/no/such", "--context", "")).to.deep.equal([":4"]);
  });

  it("does not take words that look like its own flags for them", async () => {
    expect(await completed("lint", "--help")).to.deep.equal(["--help", ":4"]);
    expect(await completed("--ver")).to.deep.equal(["--version", ":4"]);
  });

  it("refuses a shell that it does not know", async () => {
    const { exitCode, err } = await runCommand(["completion", "tcsh"]);
    expect(exitCode).to.equal(2);
    expect(err).to.include("bash, zsh, fish");
  });

  it("tells bash what it needs: the script offers what __complete says", async () => {
    expect((await runCommand(["completion", "bash"])).out).to.equal(SHELL_SCRIPTS.bash);
    const folder = mkdtempSync(join(tmpdir(), "completion-"));
    try {
      const fake = join(folder, "kubectl-rolloutguard");
      writeFileSync(fake, '#!/bin/sh\nprintf "%s\\tdoes it\\n" lint "asked-for-$#-$3"\necho :4\n');
      chmodSync(fake, 0o755);
      const script = `${SHELL_SCRIPTS.bash}
COMP_WORDS=(kubectl-rolloutguard lint --sev); COMP_CWORD=2
_kubectl_rolloutguard; printf '%s\\n' "\${COMPREPLY[@]}"`;
      const offered = execFileSync("bash", ["--norc", "-c", script], {
        encoding: "utf8",
        env: { PATH: `${folder}:${process.env.PATH}` },
      });
      expect(offered).to.equal("lint\nasked-for-3---sev\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
