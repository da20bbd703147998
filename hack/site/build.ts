// Builds docs into a site, and fails on what a reader would trip over: a warning, a broken link, another host.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { faultsOfSite } from "./faults-of-site.ts";
import { BUILT } from "./site.ts";

/** What the renderer printed, and whether it came to its end. It only warns through what it prints. */
async function render(): Promise<{ readonly output: string; readonly exitCode: number | null }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "render.ts")], {
    env: { ...process.env, NODE_ENV: "production", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { output: `${stdout}${stderr}`, exitCode: child.exitCode };
}

await rm(BUILT, { recursive: true, force: true });
const { output, exitCode } = await render();
const faults = exitCode === 0 ? await faultsOfSite(BUILT) : [];
if (exitCode !== 0 || /^warn/m.test(output)) {
  console.error(output);
  process.exitCode = 1;
} else if (faults.length > 0) {
  console.error(`The site has faults:\n${faults.join("\n")}`);
  process.exitCode = 1;
} else console.log(`The site is in ${BUILT}`);
