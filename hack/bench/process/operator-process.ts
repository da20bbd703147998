// The operator as it ships: the bundled file in a process of its own, told only where the cluster is.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const BUNDLE = join(import.meta.dirname, "../../../dist/rolloutguard.mjs");
const LOG_LIMIT = 200;
const STOP_WITHIN_MS = 15_000;

/** How the operator is started. */
export interface OperatorOptions {
  /** For its Node. */
  readonly nodeFlags?: readonly string[];
  /** Another entry than the bundle. */
  readonly entry?: string;
}

export class OperatorProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #log: string[] = [];
  readonly #ended: Promise<void>;
  /** Epoch ms at which the process was started. */
  readonly startedAt = Date.now();
  /** Resolves with the epoch ms at which it says that its caches are filled; rejects when it ends before. */
  readonly filled: Promise<number>;

  constructor(kubeconfig: string, { nodeFlags = [], entry = BUNDLE }: OperatorOptions = {}) {
    if (!existsSync(entry)) throw new Error(`there is no ${entry}; npm run build makes it`);
    const flags = ["--kubeconfig", kubeconfig, "--metrics-address", "127.0.0.1:0", "--log-format", "json"];
    this.#child = spawn(process.execPath, [...nodeFlags, entry, ...flags], {
      env: { PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#ended = new Promise((resolve) => this.#child.once("close", () => resolve()));
    this.filled = new Promise((resolve, reject) => {
      const read = (line: string): void => {
        this.#log.push(line);
        if (this.#log.length > LOG_LIMIT) this.#log.shift();
        if (line.includes('"caches synced;')) resolve(Date.now());
      };
      for (const stream of [this.#child.stdout, this.#child.stderr]) {
        createInterface({ input: stream }).on("line", read);
      }
      void this.#ended.then(() => reject(new Error(`the operator ended:\n${this.logTail(5).join("\n")}`)));
    });
    // Whoever waits for it hears of it; nobody has to.
    this.filled.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last lines of its log, oldest first. */
  logTail(lines: number): readonly string[] {
    return this.#log.slice(-lines);
  }

  /** Ends it as Kubernetes would: SIGTERM, and after a while SIGKILL. */
  async stop(): Promise<void> {
    if (!this.isRunning) return;
    this.#child.kill("SIGTERM");
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.#ended;
    clearTimeout(kill);
  }
}
