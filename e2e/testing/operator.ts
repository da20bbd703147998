// The operator of the project, whole and unmodified, in the process of a test; it can be ended cleanly or thrown away.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulatedCluster } from "../../hack/simulated-cluster/simulated-cluster.ts";
import { operate } from "../../src/cli/operate.ts";
import type { Settings } from "../../src/cli/settings-table.ts";
import { createLogRecorder, type RecordedLine } from "../../src/controller/testing/log-recorder.ts";
import { layWire } from "./wire.ts";

export interface Operator {
  /** Everything that it logged so far. */
  readonly lines: readonly RecordedLine[];
  /** Resolves when it ended; rejects when it could not start. */
  readonly ended: Promise<void>;
  /** Where its metrics and health are served. */
  url(): string;
  /** Ends it as SIGTERM does. */
  stop(): Promise<void>;
  /**
   * Throws it away at this moment: nothing that it still sends arrives, no answer reaches it. What a crash leaves
   * is what the API server has.
   */
  kill(): void;
}

/** Starts an operator and resolves when it watches the cluster's guards. */
export async function startOperator(
  cluster: SimulatedCluster,
  timeScale: number,
  changes: Partial<Settings> = {},
): Promise<Operator> {
  const wire = await layWire(cluster.url);
  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-e2e-"));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig().replace(cluster.url, wire.url));
  const { logger, lines } = createLogRecorder();
  const stopping = new AbortController();
  const settings = { ...SETTINGS, kubeconfig, clockRate: timeScale, ...changes };
  const ended = operate(settings, logger, stopping.signal).finally(() => {
    wire.cut();
    return rm(folder, { recursive: true });
  });
  const operator: Operator = {
    lines,
    ended,
    url: () => String(lines.find(({ message }) => message.endsWith(" starts"))?.fields["http"]),
    stop: () => {
      stopping.abort();
      return ended;
    },
    kill() {
      wire.cut();
      stopping.abort();
    },
  };
  await Promise.race([ended, linePresent(lines, "caches filled")]);
  return operator;
}

const SETTINGS: Settings = {
  kubeconfig: "",
  context: "",
  namespaces: [],
  observeOnly: false,
  workers: 4,
  metricsAddress: { host: "127.0.0.1", port: 0 },
  logLevel: "debug",
  logFormat: "json",
  clockRate: 1,
  identity: "e2e",
  resyncIntervalMs: 10 * 60_000,
  shutdownTimeoutMs: 2_000,
};

async function linePresent(lines: readonly RecordedLine[], beginning: string): Promise<void> {
  while (!lines.some(({ message }) => message.startsWith(beginning))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
