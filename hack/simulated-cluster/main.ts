// A simulated cluster on a port, for kubectl and for controllers that are started by hand.
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PROVISIONER_PARAMETERS } from "./controllers/volumes/provisioner.ts";
import { APPLICATION_VARIABLES } from "./kubelet/application.ts";
import { startSimulatedCluster } from "./simulated-cluster.ts";

const USAGE =
  "usage: simulate [--port 8001] [--time-scale N] [--kubeconfig FILE] [--seed N] [--crds FOLDER] [--tls]";

/** How to steer the applications of the simulated pods, and their volumes. */
function steeringHelp(): string {
  return [
    "Environment variables of a container control its simulated application:",
    ...meanings(APPLICATION_VARIABLES),
    "",
    "Parameters of a StorageClass control how its volumes are provisioned:",
    ...meanings(PROVISIONER_PARAMETERS),
  ].join("\n");
}

function meanings(table: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(table).map(([name, meaning]) => `  ${name.padEnd(16)}${meaning}`);
}

interface Options {
  readonly help: boolean;
  readonly port: number;
  readonly timeScale: number;
  readonly seed: number;
  readonly kubeconfig: string;
  readonly crdFolder: string | undefined;
  readonly tls: boolean;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8001" },
      "time-scale": { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      crds: { type: "string" },
      tls: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
      kubeconfig: { type: "string", default: join(tmpdir(), "simulated-cluster.kubeconfig") },
    },
  });
  const number = (name: "port" | "time-scale" | "seed"): number => {
    const value = Number(values[name]);
    if (!Number.isFinite(value) || value < 0)
      throw new Error(`--${name} must be a number, not "${values[name]}"`);
    return value;
  };
  const timeScale = number("time-scale");
  if (timeScale === 0) throw new Error("--time-scale must be greater than 0");
  const { help, kubeconfig, tls, crds: crdFolder } = values;
  return { help, crdFolder, port: number("port"), timeScale, seed: number("seed"), kubeconfig, tls };
}

async function main(): Promise<void> {
  const { help, kubeconfig, ...options } = readOptions();
  if (help) {
    console.log(`${USAGE}\n\n${steeringHelp()}`);
    return;
  }
  const cluster = await startSimulatedCluster(options);
  const stop = (): void => {
    void cluster.stop();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  writeFileSync(kubeconfig, cluster.kubeconfig());
  console.log(
    `The simulated cluster listens on ${cluster.url}${options.timeScale === 1 ? "" : `, at ${options.timeScale} times the speed of real time`}.`,
  );
  console.log(`  export KUBECONFIG=${kubeconfig}`);
  console.log("  kubectl get pods -A");
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  console.error(USAGE);
  process.exitCode = 1;
});
