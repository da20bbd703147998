// Runs Prometheus until it is stopped, or until this process ends.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface PrometheusOptions {
  readonly program: string;
  /** For its configuration and data. Blocks in `data` are served, however old. */
  readonly folder: string;
  readonly host: string;
  /** By default a free one. */
  readonly port?: number | undefined;
  /** Its configuration; JSON is YAML. */
  readonly config: object;
}

export interface RunningPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

const RETRY_MS = 50;

/** Resolves when it answers queries. Rejects with what it wrote last when it ends before. */
export async function runPrometheus(options: PrometheusOptions): Promise<RunningPrometheus> {
  const { program, folder, host, config } = options;
  const port = options.port ?? (await freePort(host));
  const file = join(folder, "prometheus.json");
  await mkdir(join(folder, "data"), { recursive: true });
  await writeFile(file, JSON.stringify(config));
  const flags = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--storage.tsdb.retention.time=100y",
    `--web.listen-address=${host}:${port}`,
  ];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", program, ...flags], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const ended = once(child, "exit");
  const url = `http://${host}:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Prometheus ended:\n${said}`);
    await sleep(RETRY_MS);
  }
  return {
    url,
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(`${url}/-/ready`).catch(() => undefined);
  return response?.ok ?? false;
}
