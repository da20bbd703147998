import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { identityOf, isRunning } from "./local-cluster/machine/process-identity.ts";
import { runProgram } from "./run-program.ts";

describe("runProgram", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "run-program-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("gives back what the program wrote, and fails with it", async () => {
    expect(await runProgram(["echo", "fine"])).to.equal("fine\n");
    const failure = await runProgram(["sh", "-c", "echo wrong >&2; exit 2"]).catch(String);
    expect(failure).to.include("failed (exit code 2):\nwrong");
    expect(await runProgram(["/no/such/program"]).catch(String)).to.include("cannot be run");
  });

  it("ends the program with all that it started when the signal comes", async () => {
    const abort = new AbortController();
    const file = join(folder, "pid");
    const run = runProgram(["sh", "-c", `sleep 60 & echo $! > ${file}; wait`], { signal: abort.signal });
    const ended = run.catch(String);
    while (!existsSync(file) || readFileSync(file, "utf8") === "") await pause();
    const inner = identityOf(Number(readFileSync(file, "utf8")));
    abort.abort(new Error("the start was given up"));
    expect(await ended).to.include("sh was ended: the start was given up");
    expect(inner).to.not.equal(undefined);
    // The kernel ends it a moment after the signal; the test times out if it lives on.
    while (inner && isRunning(inner)) await pause();
  });

  it("passes input on, also to a program that reads none of it", async () => {
    expect(await runProgram(["cat"], { input: "one\ntwo" })).to.equal("one\ntwo");
    expect(await runProgram(["true"], { input: "x".repeat(1_000_000) })).to.equal("");
  });
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
