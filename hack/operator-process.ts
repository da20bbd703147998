// The operator as users run it: unmodified, in a process of its own, which is given the cluster and settings, and nothing
// of this process's environment but its PATH.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

const ROOT = join(import.meta.dirname, "..");
export const OPERATOR_SOURCE = join(ROOT, "src/main.ts");
/** What ships; `npm run build` makes it. */
export const OPERATOR_BUNDLE = join(ROOT, "dist/rolloutguard.mjs");

const LOG_LIMIT = 5_000;
/** Longer than its own shutdown timeout, and than a busy machine needs for it. */
const STOP_WITHIN_MS = 60_000;

export interface OperatorProcessOptions {
  /** A file. */
  readonly kubeconfig: string;
  /** How many times faster than real time the cluster runs. Default 1. */
  readonly clockRate?: number;
  /** More settings. */
  readonly flags?: readonly string[];
  /** What is run. Default: the sources. */
  readonly file?: string;
  /** For its Node. */
  readonly nodeFlags?: readonly string[];
  /** Called with every line of its log, which is JSON. */
  readonly onLine?: (line: string) => void;
}

/** How a process ended. */
export interface OperatorEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** In words: "exit code 1", "signal SIGKILL". */
  readonly how: string;
  /** Whether it was asked to end. */
  readonly isMeant: boolean;
}

export class OperatorProcess {
  /** Epoch ms. */
  readonly startedAt = Date.now();
  readonly ended: Promise<OperatorEnd>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #log: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #isMeant = false;

  constructor(options: OperatorProcessOptions) {
    const { kubeconfig, clockRate = 1, flags = [], file = OPERATOR_SOURCE, nodeFlags = [], onLine } = options;
    const common = ["--kubeconfig", kubeconfig, "--clock-rate", String(clockRate), "--log-format", "json"];
    this.#child = spawn(
      process.execPath,
      [...nodeFlags, file, ...common, "--metrics-address", "127.0.0.1:0", ...flags],
      { env: { PATH: process.env["PATH"] }, stdio: ["ignore", "pipe", "pipe"] },
    );
    if (onLine) this.#listeners.add(onLine);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      createInterface({ input: stream }).on("line", (line) => this.#read(line));
    this.ended = this.#untilEnded();
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

  /** What it wrote so far. */
  output(): string {
    return this.#log.join("\n");
  }

  /** Resolves with the first line that holds the text; rejects when the process ends before. */
  async said(text: string): Promise<string> {
    const line = Promise.withResolvers<string>();
    const listen = (each: string): void => {
      if (each.includes(text)) line.resolve(each);
    };
    this.#listeners.add(listen);
    for (const each of this.#log) listen(each);
    void this.ended.then(({ how }) =>
      line.reject(new Error(`the operator ended (${how}):\n${this.logTail(5).join("\n")}`)),
    );
    return line.promise.finally(() => this.#listeners.delete(listen));
  }

  /** Sends a signal, if it still runs. */
  signal(name: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
    if (name === "SIGTERM" || name === "SIGKILL") this.#isMeant = true;
    this.#child.kill(name);
  }

  /** Ends it as Kubernetes would: SIGTERM, and after a while SIGKILL. */
  async stop(): Promise<void> {
    this.signal("SIGTERM");
    const kill = setTimeout(() => this.signal("SIGKILL"), STOP_WITHIN_MS);
    await this.ended;
    clearTimeout(kill);
  }

  async #untilEnded(): Promise<OperatorEnd> {
    const kill = (): void => this.signal("SIGKILL");
    process.once("exit", kill);
    const [exitCode, signal] = (await once(this.#child, "close")) as [number | null, string | null];
    process.off("exit", kill);
    const how = signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
    return { exitCode, how, isMeant: this.#isMeant };
  }

  #read(line: string): void {
    this.#log.push(line);
    if (this.#log.length > LOG_LIMIT) this.#log.shift();
    for (const listener of this.#listeners) listener(line);
  }
}
