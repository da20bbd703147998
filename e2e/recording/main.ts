// `npm run record-scenarios`: plays the scenarios on a real cluster without an operator, and records each.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { writeApplicationImage } from "../../hack/application/application-image.ts";
import type { Host } from "../hosts/host.ts";
import { openHost } from "../hosts/open-host.ts";
import { type Kubectl, kubectlFor } from "../installed/kubectl.ts";
import { HELP, parseRecordingOptions, type RecordingOptions } from "./options.ts";

const PLAYER = fileURLToPath(new URL("play-and-record.ts", import.meta.url));
const CRDS = fileURLToPath(new URL("../../crds", import.meta.url));

/** One each second. */
const SERVED_TRIES = 30;

const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stopping.abort());
try {
  const options = parseRecordingOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else process.exitCode = await main(options, stopping.signal);
} catch (error) {
  progress(`${error instanceof Error ? error.message : String(error)}; see --help`);
  process.exitCode = 2;
}

/** Resolves with the exit code: 1 when a scenario could not be played to its end. */
async function main(options: RecordingOptions, signal: AbortSignal): Promise<number> {
  await mkdir(options.folder, { recursive: true });
  const temporary = await mkdtemp(join(tmpdir(), "rolloutguard-recording-"));
  let host: Host | undefined;
  try {
    host = await openHost(options.cluster, { progress, yes: options.yes, signal });
    const image = join(temporary, "application.tar");
    await writeApplicationImage({ file: image });
    await host.loadImages([image]);
    await serveGuards(kubectlFor(host.kubeconfig, host.enter));
    return await play(host, options, signal);
  } finally {
    await host?.close();
    await rm(temporary, { recursive: true });
  }
}

/** Scenarios make guards too, and nobody heeds them. A resource just defined is refused for a moment (429). */
async function serveGuards(kubectl: Kubectl): Promise<void> {
  await kubectl(["apply", "--server-side", "-k", CRDS]);
  for (let tries = 1; ; tries += 1) {
    try {
      await kubectl(["get", "rolloutguards,incidents", "--all-namespaces"]);
      return;
    } catch (error) {
      if (tries === SERVED_TRIES) throw error;
      await wait(1_000);
    }
  }
}

async function play(host: Host, options: RecordingOptions, signal: AbortSignal): Promise<number> {
  const { folder, parallel, scenarios } = options;
  const words = [host.name, host.kubeconfig, resolve(folder), String(parallel), ...scenarios];
  const [program = process.execPath, ...rest] = [...host.enter, process.execPath, PLAYER, ...words];
  const child = spawn(program, rest, { stdio: "inherit" });
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}

function progress(line: string): void {
  process.stderr.write(`record-scenarios: ${line}\n`);
}
