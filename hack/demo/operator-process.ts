// The operator as a user starts it: its own process, unmodified, told only where the cluster is and how fast time runs.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

const ROOT = join(import.meta.dirname, "../..");
const LOG_LIMIT = 500;
const READY_WITHIN_MS = 20_000;
const ANSWER_WITHIN_MS = 5_000;
const STOP_WITHIN_MS = 5_000;

export class OperatorProcess {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #closed: Promise<readonly [code: number | null, signal: string | null]>;
  readonly #log: string[] = [];
  #httpUrl: string | undefined;
  #isStopping = false;
  /** Rejects when the process ends without having been asked to; never resolves. */
  readonly died: Promise<never>;

  constructor(options: { readonly kubeconfig: string; readonly clockRate: number }) {
    const { kubeconfig, clockRate } = options;
    const flags = ["--kubeconfig", kubeconfig, "--clock-rate", String(clockRate)];
    this.#child = spawn(
      process.execPath,
      ["src/main.ts", ...flags, "--metrics-address", "127.0.0.1:0", "--log-format", "json"],
      // Nothing else of the environment: ROLLOUTGUARD_* or a proxy of the user must not change the play.
      { cwd: ROOT, env: { PATH: process.env["PATH"] }, stdio: ["ignore", "pipe", "pipe"] },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => this.#read(line));
    }
    this.#closed = once(this.#child, "close") as Promise<[number | null, string | null]>;
    this.died = this.#closed.then(([code, signal]) => {
      if (this.#isStopping) return new Promise<never>(() => {});
      throw new Error(`the operator ended by itself (${signal ? `signal ${signal}` : `exit code ${code}`})`);
    });
    // Whoever waits for it hears of it; nobody has to.
    this.died.catch(() => {});
    process.once("exit", () => this.#child.kill("SIGKILL"));
  }

  /** Resolves once the operator answers that it is ready: its caches are filled. */
  async ready(): Promise<void> {
    const endsAt = performance.now() + READY_WITHIN_MS;
    while (!(await this.#isReady())) {
      if (performance.now() > endsAt) {
        throw new Error(`the operator was not ready within ${READY_WITHIN_MS / 1_000} s`);
      }
      await Promise.race([sleep(50), this.died]);
    }
  }

  /** What /metrics says now. */
  async metrics(): Promise<string> {
    const url = `${this.httpUrl}/metrics`;
    const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const response = await fetch(url, { signal }).catch((cause: unknown) => {
      throw new Error(`the operator does not answer at ${url}`, { cause });
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return response.text();
  }

  /** Where the operator serves metrics and health; empty until it has said so. */
  get httpUrl(): string {
    return this.#httpUrl ?? "";
  }

  /** The last lines of its log as it wrote them, oldest first. */
  logTail(lines: number): readonly string[] {
    return this.#log.slice(-lines);
  }

  /** Ends it as Kubernetes would: SIGTERM, and after a while SIGKILL. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill("SIGTERM");
    const kill = setTimeout(() => this.#child.kill("SIGKILL"), STOP_WITHIN_MS);
    await this.#closed;
    clearTimeout(kill);
  }

  #read(line: string): void {
    this.#log.push(line);
    if (this.#log.length > LOG_LIMIT) this.#log.shift();
    this.#httpUrl ??= httpUrlIn(line);
  }

  async #isReady(): Promise<boolean> {
    if (this.#httpUrl === undefined) return false;
    try {
      return (await fetch(`${this.#httpUrl}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  }
}

/** The address that the operator's first line names. */
function httpUrlIn(line: string): string | undefined {
  try {
    const { http } = JSON.parse(line) as { http?: unknown };
    return typeof http === "string" ? http : undefined;
  } catch {
    return undefined;
  }
}
