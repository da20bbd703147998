import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { OperatorProcess, type OperatorProcessOptions } from "./operator-process.ts";

describe("OperatorProcess", () => {
  let folder: string;
  const started: OperatorProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "operator-process-"));
  });
  afterEach(async () => {
    for (const one of started.splice(0)) {
      one.signal("SIGKILL");
      await one.ended;
    }
    await rm(folder, { recursive: true });
  });

  /** Runs these lines in the operator's place. */
  async function run(lines: string, options: Partial<OperatorProcessOptions> = {}): Promise<OperatorProcess> {
    const file = join(folder, "stand-in.mjs");
    await writeFile(file, lines);
    const one = new OperatorProcess({ kubeconfig: "/some/kubeconfig", file, ...options });
    started.push(one);
    return one;
  }

  const UNTIL_KILLED = "setInterval(() => {}, 1000);";

  it("gets the cluster, its clock and more settings, and nothing of the environment but the PATH", async () => {
    process.env["ROLLOUTGUARD_LOG_LEVEL"] = "error";
    const one = await run("console.log(JSON.stringify([process.argv.slice(2), Object.keys(process.env)]))", {
      clockRate: 5,
      flags: ["--identity", "a"],
    }).finally(() => delete process.env["ROLLOUTGUARD_LOG_LEVEL"]);
    const [words, environment] = JSON.parse(await one.said("[")) as [string[], string[]];
    expect(words.join(" ")).to.include("--kubeconfig /some/kubeconfig --clock-rate 5");
    expect(words.slice(-2)).to.deep.equal(["--identity", "a"]);
    expect(environment).to.include("PATH").and.not.include("ROLLOUTGUARD_LOG_LEVEL");
  });

  it("tells what was said before and after it is asked", async () => {
    const one = await run(
      `console.log("first"); setTimeout(() => console.log("second"), 20); ${UNTIL_KILLED}`,
    );
    expect(await one.said("second")).to.equal("second");
    expect(await one.said("irs")).to.equal("first");
    expect(one.output()).to.equal("first\nsecond");
  });

  it("tells why it never says something: it ended, with its last lines", async () => {
    const one = await run('console.error("no cluster"); process.exitCode = 3');
    const error = await one.said("caches filled").catch(String);
    expect(error).to.include("the operator ended (exit code 3):\nno cluster");
    expect(await one.ended).to.deep.equal({ exitCode: 3, how: "exit code 3", isMeant: false });
  });

  it("ends when it is asked to, which is meant", async () => {
    const one = await run(`console.log("runs"); ${UNTIL_KILLED}`);
    await one.said("runs");
    expect(one.isRunning).to.equal(true);
    await one.stop();
    expect(await one.ended).to.deep.equal({ exitCode: null, how: "signal SIGTERM", isMeant: true });
    expect(one.isRunning).to.equal(false);
  });
});
