// The operator of the project, whole and unmodified, in the process of a test; it can be ended cleanly or thrown away.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimulatedCluster } from "@rolloutguard/simulated-cluster";
import { createLogRecorder, type RecordedLine } from "../../src/controller/testing/log-recorder.ts";
import { operate, type Surroundings } from "../../src/operator/operate.ts";
import type { Settings } from "../../src/operator/settings-table.ts";
import { DEFAULT_SETTINGS } from "./default-settings.ts";
import { layWire } from "./wire.ts";

export interface Operator {
  /** Everything that it logged so far. */
  readonly lines: readonly RecordedLine[];
  /** Resolves when it watches the cluster's guards, or has ended before that. */
  readonly watching: Promise<void>;
  /** Resolves when it ended; rejects when it could not start. */
  readonly ended: Promise<void>;
  /** Where its metrics and health are served. */
  url(): string;
  /** Where its metrics are for those who can read them. */
  secureUrl(): string;
  /** Whether a request came from it. */
  sent(request: { readonly remotePort: number }): boolean;
  /** Ends it as SIGTERM does. */
  stop(): Promise<void>;
  /**
   * Throws it away at this moment: nothing that it still sends arrives, no answer reaches it. What a crash leaves
   * is what the API server has.
   */
  kill(): void;
}

/** Starts an operator; it has sent no request yet. */
export async function startOperator(
  cluster: SimulatedCluster,
  timeScale: number,
  changes: Partial<Settings> = {},
  surroundings: Surroundings = {},
): Promise<Operator> {
  const wire = await layWire(cluster.url);
  const folder = await mkdtemp(join(tmpdir(), "rolloutguard-e2e-"));
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, cluster.kubeconfig().replace(cluster.url, wire.url));
  const { logger, lines } = createLogRecorder();
  const stopping = new AbortController();
  const settings = { ...SETTINGS, kubeconfig, clockRate: timeScale, ...changes };
  const running = operate(settings, logger, stopping.signal, surroundings);
  const ended = cleanedUp(running, async () => {
    wire.cut();
    await rm(folder, { recursive: true });
  });
  const startedWith = (field: string) =>
    String(lines.find(({ message }) => message.startsWith("starting "))?.fields[field]);
  const operator: Operator = {
    lines,
    watching: Promise.race([ended, linePresent(lines, "caches synced", stopping.signal)]),
    ended,
    url: () => startedWith("http"),
    secureUrl: () => startedWith("https"),
    sent: ({ remotePort }) => wire.carried(remotePort),
    stop: () => {
      stopping.abort();
      return ended;
    },
    kill() {
      wire.cut();
      stopping.abort();
    },
  };
  // A start that fails is told by whoever waits for it.
  for (const promise of [operator.watching, ended]) promise.catch(() => {});
  return operator;
}

const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  metricsAddress: { host: "127.0.0.1", port: 0 },
  logLevel: "debug",
  identity: "e2e",
  shutdownTimeoutMs: 2_000,
  leaseNamespace: "operators",
};

async function cleanedUp(running: Promise<void>, cleanUp: () => Promise<void>): Promise<void> {
  try {
    await running;
  } finally {
    await cleanUp();
  }
}

async function linePresent(
  lines: readonly RecordedLine[],
  beginning: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && !lines.some(({ message }) => message.startsWith(beginning))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
