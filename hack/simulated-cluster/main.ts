// `npm run simulate`: a simulated cluster on a port, for kubectl and for a locally started operator.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSimulatedCluster } from "./simulated-cluster.ts";

const USAGE = "usage: npm run simulate -- [--port 8001] [--time-scale N] [--kubeconfig FILE] [--seed N]";

function readOptions(): { port: number; timeScale: number; seed: number; kubeconfig: string } {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8001" },
      "time-scale": { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      kubeconfig: { type: "string", default: join(tmpdir(), "rolloutguard-simulated.kubeconfig") },
    },
  });
  const number = (name: "port" | "time-scale" | "seed"): number => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value < 0)
      throw new Error(`--${name} must be a number, not "${values[name]}"`);
    return value;
  };
  const timeScale = number("time-scale");
  if (timeScale === 0) throw new Error("--time-scale must be more than 0");
  return { port: number("port"), timeScale, seed: number("seed"), kubeconfig: values.kubeconfig };
}

async function main(): Promise<void> {
  const { port, timeScale, seed, kubeconfig } = readOptions();
  const cluster = await startSimulatedCluster({ port, timeScale, seed });
  writeFileSync(kubeconfig, cluster.kubeconfig());
  console.log(
    `The simulated cluster listens on ${cluster.url}${timeScale === 1 ? "" : `, ${timeScale} times as fast as real time`}.`,
  );
  console.log(`  export KUBECONFIG=${kubeconfig}`);
  console.log("  kubectl get pods -A");
  const stop = (): void => {
    void cluster.stop();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exitCode = 1;
});
