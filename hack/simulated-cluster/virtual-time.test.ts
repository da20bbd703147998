import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";

const MODULE = fileURLToPath(new URL("virtual-time.ts", import.meta.url));

/** Runs the lines in a process whose time is owned; resolves with what they put into `told`. */
async function printedBy(lines: string): Promise<unknown> {
  const program = `
    import { VirtualTime } from ${JSON.stringify(MODULE)};
    const time = new VirtualTime(Date.UTC(2026, 0, 1));
    time.install(() => 0.25);
    const reported = [];
    ${lines}
    console.log(JSON.stringify(reported));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  return JSON.parse(stdout);
}

describe("VirtualTime", () => {
  it("stands still until it is moved, and then fires what is due in order", async () => {
    const reported = await printedBy(`
      setTimeout(() => reported.push(["late", performance.now()]), 3_600_000);
      setTimeout((word) => reported.push([word, performance.now(), Date.now() - Date.UTC(2026, 0, 1)]), 20, "soon");
      setTimeout(() => reported.push(["sooner", new Date().toISOString()]), 10.5);
      reported.push(performance.now());
      await time.advanceTo(60_000);
      reported.push(time.elapsedMs);`);
    expect(reported).to.deep.equal([0, ["sooner", "2026-01-01T00:00:00.010Z"], ["soon", 20, 20], 60_000]);
  });

  it("lets what a timer set in motion come to rest before the next one", async () => {
    const reported = await printedBy(`
      setTimeout(async () => { for (let i = 0; i < 50; i++) await undefined; reported.push("first"); }, 1);
      setTimeout(() => reported.push("second"), 1);
      await time.advanceTo(5);`);
    expect(reported).to.deep.equal(["first", "second"]);
  });

  it("cancels, repeats and begins anew", async () => {
    const reported = await printedBy(`
      clearTimeout(setTimeout(() => reported.push("never"), 5));
      const repeated = setInterval(() => { reported.push(performance.now()); if (reported.length === 3) clearInterval(repeated); }, 10);
      const renewed = setTimeout(() => reported.push(["renewed", performance.now()]), 30);
      await time.advanceTo(25);
      renewed.refresh();
      await time.advanceTo(100);
      renewed.refresh();
      await time.advanceTo(200);`);
    expect(reported).to.deep.equal([10, 20, 30, ["renewed", 55], ["renewed", 130]]);
  });

  it("owns the deadlines of signals and chance too", async () => {
    const reported = await printedBy(`
      const signal = AbortSignal.timeout(1_000);
      signal.addEventListener("abort", () => reported.push([signal.reason.name, performance.now()]));
      reported.push(Math.random());
      await time.advanceTo(2_000);`);
    expect(reported).to.deep.equal([0.25, ["TimeoutError", 1_000]]);
  });
});
