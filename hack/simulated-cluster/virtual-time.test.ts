import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const MODULE = fileURLToPath(new URL("virtual-time.ts", import.meta.url));

/** Runs the lines in a process whose time is owned; resolves with what they put into `told`. */
async function toldBy(lines: string): Promise<unknown> {
  const program = `
    import { VirtualTime } from ${JSON.stringify(MODULE)};
    const time = new VirtualTime(Date.UTC(2026, 0, 1));
    time.install(() => 0.25);
    const told = [];
    ${lines}
    console.log(JSON.stringify(told));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  return JSON.parse(stdout);
}

describe("VirtualTime", () => {
  it("stands still until it is moved, and then fires what is due in order", async () => {
    const told = await toldBy(`
      setTimeout(() => told.push(["late", performance.now()]), 3_600_000);
      setTimeout((word) => told.push([word, performance.now(), Date.now() - Date.UTC(2026, 0, 1)]), 20, "soon");
      setTimeout(() => told.push(["sooner", new Date().toISOString()]), 10.5);
      told.push(performance.now());
      await time.advanceTo(60_000);
      told.push(time.elapsedMs);`);
    expect(told).to.deep.equal([0, ["sooner", "2026-01-01T00:00:00.010Z"], ["soon", 20, 20], 60_000]);
  });

  it("lets what a timer set in motion come to rest before the next one", async () => {
    const told = await toldBy(`
      setTimeout(async () => { for (let i = 0; i < 50; i++) await undefined; told.push("first"); }, 1);
      setTimeout(() => told.push("second"), 1);
      await time.advanceTo(5);`);
    expect(told).to.deep.equal(["first", "second"]);
  });

  it("cancels, repeats and begins anew", async () => {
    const told = await toldBy(`
      clearTimeout(setTimeout(() => told.push("never"), 5));
      const repeated = setInterval(() => { told.push(performance.now()); if (told.length === 3) clearInterval(repeated); }, 10);
      const renewed = setTimeout(() => told.push(["renewed", performance.now()]), 30);
      await time.advanceTo(25);
      renewed.refresh();
      await time.advanceTo(100);
      renewed.refresh();
      await time.advanceTo(200);`);
    expect(told).to.deep.equal([10, 20, 30, ["renewed", 55], ["renewed", 130]]);
  });

  it("owns the deadlines of signals and chance too", async () => {
    const told = await toldBy(`
      const signal = AbortSignal.timeout(1_000);
      signal.addEventListener("abort", () => told.push([signal.reason.name, performance.now()]));
      told.push(Math.random());
      await time.advanceTo(2_000);`);
    expect(told).to.deep.equal([0.25, ["TimeoutError", 1_000]]);
  });
});
