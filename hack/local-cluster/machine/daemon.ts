// A program of the cluster that shall run until the cluster ends, with its log in a file.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

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
        const how = signal ?? `exit code ${code}`;
        reject(new Error(`${basename(name)} ended (${how}). Its log ends with:\n${this.#tail()}`));
      });
    });
    this.ended = this.failure.catch(() => {});
  }

  #tail(): string {
    return readFileSync(this.#log, "utf8").trimEnd().split("\n").slice(-TAIL_LINES).join("\n");
  }
}
