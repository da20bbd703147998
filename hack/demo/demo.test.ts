import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect } from "chai";

const DEMO = join(import.meta.dirname, "demo.ts");

describe("demo", () => {
  let child: ChildProcess | undefined;

  afterEach(() => {
    child?.kill("SIGKILL");
  });

  /** Runs the demo; `seen` is called with all output so far whenever there is more. */
  async function demo(
    flags: readonly string[],
    seen: (output: string, child: ChildProcess) => void = () => {},
  ) {
    const started = spawn(process.execPath, [DEMO, ...flags], { env: { PATH: process.env["PATH"] } });
    child = started;
    let output = "";
    for (const stream of [started.stdout, started.stderr]) {
      stream.on("data", (data: Buffer) => {
        output += data.toString();
        seen(output, started);
      });
    }
    const [code] = (await once(started, "close")) as [number | null];
    return { code, output };
  }

  it("undoes a bad release with the real operator, tells the story in plain lines, and ends with 0", async () => {
    const { code, output } = await demo(["--scenario", "missing-env", "--speed", "8"]);
    expect(code, output).to.equal(0);
    for (const part of [
      "CrashLooping:",
      "rolls Deployment checkout-service back",
      "Recovered:",
      "DATABASE_URL",
    ]) {
      expect(output).to.contain(part);
    }
    expect(output).to.match(/missing-env +rolled back, CrashLooping +rolled back, CrashLooping .* ✓ ok/);
    expect(output).not.to.contain("\u001B");
  });

  it("ends soon and leaves nothing behind when it is interrupted", async () => {
    let hasSeen = false;
    const { code, output } = await demo(["--scenario", "missing-env"], (text, running) => {
      if (!hasSeen && text.includes("In namespace production")) {
        hasSeen = true;
        running.kill("SIGINT");
      }
    });
    expect(code, output).to.equal(130);
  });

  it("refuses a scenario that does not exist", async () => {
    const { code, output } = await demo(["--scenario", "wrong-prt"]);
    expect(code).to.equal(1);
    expect(output).to.contain("Did you mean wrong-port?");
  });
});
