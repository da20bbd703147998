// `npm run e2e`: gets a real cluster, installs the operator as a user would, plays the suites there, and gives it back.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeApplicationImage } from "../hack/application/application-image.ts";
import { DOCUMENTED_IMAGE } from "../hack/application/image-names.ts";
import { writeOperatorImage } from "../hack/images/operator-image.ts";
import { prometheusPrograms } from "../hack/prometheus/prometheus-programs.ts";
import type { Host } from "./hosts/host.ts";
import { openHost } from "./hosts/open-host.ts";
import { diagnose } from "./installed/diagnostics.ts";
import { installOperator, uninstallOperator } from "./installed/installation.ts";
import { kubectlFor, kubectlJson } from "./installed/kubectl.ts";
import { type Options, parseOptions } from "./options.ts";
import { playSuites } from "./suites/play-suites.ts";
import { NEED_PROMETHEUS } from "./suites/suite-names.ts";
import { writeReport } from "./write-report.ts";

const parsed = parseOptions(process.argv.slice(2));
if ("help" in parsed) process.stdout.write(parsed.help);
else if ("error" in parsed) {
  process.stderr.write(`e2e: ${parsed.error}\n`);
  process.exitCode = 2;
} else {
  process.exitCode = await main(parsed.options);
}

/** Resolves with the exit code. */
async function main(options: Options): Promise<number> {
  const stopping = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => stopping.abort());
  const { signal } = stopping;
  let host: Host | undefined;
  try {
    host = await openHost(options.cluster, { progress, yes: options.yes, signal });
    return await run(host, options, signal);
  } catch (error) {
    progress(error instanceof Error ? error.message : String(error));
    return 2;
  } finally {
    await host?.close();
  }
}

async function run(host: Host, options: Options, signal: AbortSignal): Promise<number> {
  const kubectl = kubectlFor(host.kubeconfig, host.enter);
  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-e2e-"));
  const folders: string[] = [];
  let passed = true;
  try {
    await loadImages(host, folder);
    // From the cluster's network nothing can be fetched.
    if (options.suites.some((suite) => NEED_PROMETHEUS.has(suite))) await prometheusPrograms(progress);
    progress("installing the operator");
    await installOperator(kubectl);
    for (let round = 1; round <= options.repeat && !signal.aborted; round += 1) {
      if (options.repeat > 1) progress(`round ${round} of ${options.repeat}`);
      const results = join(folder, `round-${round}`);
      folders.push(results);
      passed = (await playSuites(host, options, { round, results }, signal)) && passed;
    }
    if (options.report) {
      const version = await kubectlJson<Versions>(kubectl, ["version"]);
      const run = { cluster: host.name, version: version.serverVersion.gitVersion, folders };
      progress(`wrote ${await writeReport(run)}; npm run generate makes the page of it`);
    }
    if (options.keep) await keep(host, signal);
  } catch (error) {
    passed = false;
    progress(error instanceof Error ? error.message : String(error));
  }
  if (!passed) process.stdout.write(await diagnose(kubectl));
  if (host.name === "existing") await uninstallOperator(kubectl);
  await rm(folder, { recursive: true });
  return passed ? 0 : 1;
}

/** What `kubectl version` says. */
interface Versions {
  readonly serverVersion: { readonly gitVersion: string };
}

async function loadImages(host: Host, folder: string): Promise<void> {
  progress("building the images");
  const [operator, application] = [join(folder, "operator.tar"), join(folder, "application.tar")];
  await writeOperatorImage({ name: "localhost/rolloutguard:dev", file: operator });
  // The nodes of an existing cluster pull the documented image from its registry, and keep it.
  const aliases = host.name === "existing" ? [] : [DOCUMENTED_IMAGE];
  await writeApplicationImage({ file: application, aliases });
  await host.loadImages([operator, application]);
}

async function keep(host: Host, signal: AbortSignal): Promise<void> {
  progress(`kept until Ctrl-C: ${[...host.enter, "kubectl", `--kubeconfig=${host.kubeconfig}`].join(" ")}`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

function progress(line: string): void {
  process.stderr.write(`e2e: ${line}\n`);
}
