import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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

  it("prints the script of each shell", async () => {
    for (const [shell, script] of Object.entries(SHELL_SCRIPTS)) {
      expect((await runCommand(["completion", shell])).out).to.equal(script);
    }
  });
});

/** Runs the shell's own way of completing the words, and prints what is offered, a word a line. */
const COMPLETING: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  bash: (words) => [
    "bash",
    "--norc",
    "-c",
    `${SHELL_SCRIPTS.bash}
COMP_WORDS=(${words.map(quoted).join(" ")}); COMP_CWORD=${words.length - 1}
_kubectl_rolloutguard; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: (words) => [
    "zsh",
    "-f",
    "-c",
    `compdef() { : }
_files() { print files }
_describe() { print -l -- "\${(@)\${(P)2}%%:*}" }
${SHELL_SCRIPTS.zsh}
words=(${words.map(quoted).join(" ")}); CURRENT=${words.length}
_kubectl_rolloutguard`,
  ],
  fish: (words) => [
    "fish",
    "--no-config",
    "-c",
    `${SHELL_SCRIPTS.fish}
complete -C ${quoted(words.join(" "))} | string replace -r '\\t.*' ''; true`,
  ],
};

function quoted(word: string): string {
  return `'${word}'`;
}

for (const [shell, commandLine] of Object.entries(COMPLETING)) {
  describe(`completion in ${shell}`, () => {
    let folder: string;

    before(function () {
      const isThere = (process.env.PATH ?? "").split(":").some((path) => existsSync(join(path, shell)));
      if (!isThere) {
        console.log(`      ${shell} is not installed: its completion is not tried`);
        this.skip();
      }
      folder = mkdtempSync(join(tmpdir(), "completion-"));
      const command = join(folder, "kubectl-rolloutguard");
      const main = join(import.meta.dirname, "../../main.ts");
      writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
      chmodSync(command, 0o755);
    });
    after(() => folder && rmSync(folder, { recursive: true }));

    const offered = (...words: readonly string[]): readonly string[] => {
      const [program = "", ...args] = commandLine(["kubectl-rolloutguard", ...words]);
      const env = { HOME: folder, PATH: `${folder}:${process.env.PATH}` };
      const out = execFileSync(program, args, { encoding: "utf8", cwd: folder, env });
      return out.split("\n").filter(Boolean);
    };

    it("offers commands, flags and their values", () => {
      expect(offered("po")).to.deep.equal(["postmortem"]);
      expect(offered("lint", "--sev")).to.deep.equal(["--severity"]);
      expect(offered("lint", "--severity", "")).to.have.members(["error", "warning", "info"]);
      expect(offered("-n", "shop", "roll")).to.deep.equal(["rollback"]);
    });

    it("leaves files to the shell", () => {
      writeFileSync(join(folder, "web.yaml"), "");
      const files = offered("lint", "-f", "we");
      // What bash offers by default is not in its reply.
      expect(files).to.deep.equal({ bash: [], zsh: ["files"], fish: ["web.yaml"] }[shell]);
    });
  });
}
