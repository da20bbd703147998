import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect } from "chai";
import { SUITES } from "./suites/suite-names.ts";

const CI_RUN = join(import.meta.dirname, "../.ci/run");

/** Stands for npm: `npm ci` succeeds at once; what the check and each half of the suites do is in files of their names. */
const NPM = `#!/bin/sh
case "$*" in
  *--suite*) . ./disturbing ;;
  *--skip*) . ./suites ;;
  *check*) . ./check ;;
esac
`;
const PASSES = 'echo "  3 passing (2s)"';
const FAILS = 'printf "\\033[31m  1 failing\\033[0m\\n"; exit 7';

describe(".ci/run", () => {
  let root: string;
  let temporary: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "ci-run-"));
    temporary = join(root, "tmp");
    for (const folder of [".ci", "bin", "tmp"]) await mkdir(join(root, folder));
    await cp(CI_RUN, join(root, ".ci/run"));
    await writeFile(join(root, "bin/npm"), NPM);
    await chmod(join(root, "bin/npm"), 0o755);
  });

  afterEach(() => rm(root, { recursive: true }));

  async function start(check: string, suites: string, disturbing = "true"): Promise<ChildProcess> {
    const commands = { check, suites, disturbing };
    for (const [name, command] of Object.entries(commands)) await writeFile(join(root, name), command);
    const path = [join(root, "bin"), process.env["PATH"]].join(delimiter);
    const env = { ...process.env, PATH: path, TMPDIR: temporary };
    return spawn(join(root, ".ci/run"), { env, stdio: ["pipe", "pipe", "ignore"] });
  }

  async function run(
    ...commands: [string, string, string?]
  ): Promise<{ code: number | null; lines: string[] }> {
    const child = await start(...commands);
    let output = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, lines: output.trimEnd().split("\n") };
  }

  it("shows all of the check, then all of the suites, then the sums of both", async () => {
    const { code, lines } = await run(
      `${PASSES}; echo "end of the check"`,
      `${PASSES}; echo "end of the suites"`,
    );
    expect(lines).to.deep.equal([
      "  3 passing (2s)",
      "end of the check",
      "  3 passing (2s)",
      "end of the suites",
      "6 passed, 0 failed",
    ]);
    expect(code).to.equal(0);
  });

  it("runs both halves of the suites at a time, after the check", async () => {
    const meets = (own: string, other: string) =>
      `[ -e checked ] || exit 1; touch ${own}-runs; until [ -e ${other}-runs ]; do sleep 0.05; done; ${PASSES}`;
    const { code, lines } = await run(
      `sleep 0.2; touch checked; ${PASSES}`,
      meets("a", "b"),
      meets("b", "a"),
    );
    expect(lines.at(-1)).to.equal("9 passed, 0 failed");
    expect(code).to.equal(0);
  });

  it("runs each suite on one of the two clusters", async () => {
    const words = 'echo "$*" | tr " " "\\n"; echo "  1 passing"';
    const { lines } = await run("true", words, words);
    const namesAfter = (flag: string) => lines.filter((_, index) => lines[index - 1] === flag);
    expect(namesAfter("--suite")).to.deep.equal(namesAfter("--skip"));
    expect(namesAfter("--suite").length).to.be.within(1, SUITES.length - 1);
    expect(SUITES).to.include.members(namesAfter("--suite"));
  });

  it("fails where only the check fails, and still runs the suites to their end", async () => {
    const { code, lines } = await run(FAILS, PASSES);
    expect(code).to.equal(7);
    expect(lines.at(-1)).to.equal("3 passed, 1 failed");
  });

  for (const [suites, disturbing] of [
    [FAILS, "true"],
    ["true", FAILS],
  ] as const) {
    it(`fails where only one half of the suites fails: the ${suites === FAILS ? "first" : "second"}`, async () => {
      const { code, lines } = await run(PASSES, suites, disturbing);
      expect(code).to.equal(7);
      expect(lines.at(-1)).to.equal("3 passed, 1 failed");
    });
  }

  it("fails where nothing failed because no test ran", async () => {
    const { code, lines } = await run("true", "true");
    expect(code).to.equal(1);
    expect(lines.at(-1)).to.equal("0 passed, 0 failed");
  });

  it("gives none of them an input that could keep it waiting", async () => {
    const { lines } = await run(`cat; ${PASSES}`, `cat; ${PASSES}`);
    expect(lines.at(-1)).to.equal("6 passed, 0 failed");
  });

  it("leaves no file behind", async () => {
    await run(PASSES, FAILS);
    expect(await readdir(temporary)).to.deep.equal([]);
  });

  for (const [running, ...commands] of [
    ["the check", "endless", PASSES, PASSES],
    ["the suites", PASSES, "endless", "endless"],
  ] as const) {
    it(`ends ${running} when it is stopped, and waits until all has been cleaned up`, async () => {
      const names = ["check", "suites", "disturbing"];
      const endless = names.filter((_, index) => commands[index] === "endless");
      const cleansUp = (name: string) =>
        `trap 'sleep 0.3; echo cleaned >> ${name}-end; exit 1' TERM; echo $$ > ${name}-pid; while :; do sleep 0.05; done`;
      const [check = "", suites = "", disturbing = ""] = names.map((name, index) =>
        endless.includes(name) ? cleansUp(name) : (commands[index] ?? ""),
      );
      const child = await start(check, suites, disturbing);
      const closed = once(child, "close");
      const written = (file: string) => readFile(join(root, file), "utf8").catch(() => "");
      for (const name of endless) while ((await written(`${name}-pid`)) === "") await pause();
      child.kill("SIGTERM");
      const [code] = (await closed) as [number | null];
      expect(code).to.equal(143);
      for (const name of endless) expect(await written(`${name}-end`)).to.equal("cleaned\n");
      expect(await readdir(temporary)).to.deep.equal([]);
    });
  }
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
