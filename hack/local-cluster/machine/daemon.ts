// A program of the cluster that shall run until the cluster ends, with its log in a file.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface DaemonOptions {
  readonly name: string;
  /** Put before the command: how to get to where it shall run. */
  readonly inside: readonly string[];
  readonly command: readonly string[];
  readonly logFolder: string;
  /** Of programs that it runs itself. */
  readonly path?: readonly string[];
}

const TAIL_LINES = 15;

export class Daemon {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #log: string;
  /** Rejects when the program ends, with what it said last; never resolves. */
  readonly failure: Promise<never>;
  /** Resolves when the program has ended. */
  readonly ended: Promise<void>;

  constructor({ name, inside, command, logFolder, path = [] }: DaemonOptions) {
    this.name = name;
    this.#log = join(logFolder, `${name}.log`);
    const output = openSync(this.#log, "a", 0o600);
    const [program = "", ...args] = [...inside, ...command];
    this.#child = spawn(program, args, {
      detached: true,
      stdio: ["ignore", output, output],
      env: { ...process.env, PATH: [...path, process.env["PATH"]].join(":") },
    });
    closeSync(output);
    this.failure = new Promise((_, reject) => {
      this.#child.once("error", reject);
      this.#child.once("exit", (code, signal) => {
        reject(new Error(`${name} ended (${signal ?? `exit code ${code}`}). ${this.logEnd()}`));
      });
    });
    this.ended = this.failure.catch(() => {});
  }

  /** What it said last, for messages; nothing once the log has been removed. */
  logEnd(): string {
    if (!existsSync(this.#log)) return "";
    const lines = readFileSync(this.#log, "utf8").trimEnd().split("\n").slice(-TAIL_LINES);
    return `The log of ${this.name} ends with:\n${lines.join("\n")}`;
  }
}
