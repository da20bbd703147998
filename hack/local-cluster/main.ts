// `npm run local-cluster`: a real cluster in the foreground; it goes when this is interrupted.
import { parseArgs } from "node:util";
import { startLocalCluster } from "./local-cluster.ts";

const USAGE = `usage: npm run local-cluster -- [--cache FOLDER] [--bin FOLDER] [--image ARCHIVE]... [--once]
  --image  an image archive to import; can be repeated
  --once   stop as soon as the cluster is ready, to try it`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cache: { type: "string" },
      bin: { type: "string" },
      image: { type: "string", multiple: true, default: [] },
      once: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    interruption.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  const interrupt = (): void => interruption.abort();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt).on("SIGHUP", interrupt);
  const cluster = await startLocalCluster({
    progress: console.log,
    signal: interruption.signal,
    ...(values.cache === undefined ? {} : { cacheFolder: values.cache }),
    ...(values.bin === undefined ? {} : { binFolder: values.bin }),
  });
  try {
    for (const archive of values.image) await cluster.importImage(archive);
    if (!values.once) {
      console.log(`  export KUBECONFIG=${cluster.kubeconfig}`);
      console.log(`  ${cluster.enter.join(" ")} kubectl get pods -A`);
      console.log(`Logs are in ${cluster.logFolder}. Press Ctrl-C to stop it.`);
      await Promise.race([interrupted, cluster.failure]);
    }
  } finally {
    const stoppedAt = performance.now();
    await cluster.stop();
    console.log(`Stopped in ${((performance.now() - stoppedAt) / 1_000).toFixed(1)} s.`);
  }
  const remains = cluster.remains();
  if (remains.length > 0) throw new Error(`This was left behind:\n${remains.join("\n")}`);
  console.log("Nothing was left behind.");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
