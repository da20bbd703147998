// The simulated cluster in a process of its own, as the bench sees it.
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { AnswerMessage, CommandName, Commands } from "../cluster/commands.ts";

const ENTRY = fileURLToPath(new URL("../cluster/main.ts", import.meta.url));
/** The largest scene, 75,000 pods with their texts, needs a good part of it. */
const HEAP_MB = 12_288;

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class ClusterProcess {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #ids = 0;

  constructor() {
    this.#child = fork(ENTRY, [], {
      execArgv: [`--max-old-space-size=${HEAP_MB}`, "--max-semi-space-size=64"],
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#child.on("message", (message: AnswerMessage) => this.#receive(message));
    this.#child.on("exit", (code, signal) => {
      const error = new Error(`the cluster's process ended (${signal ?? `exit code ${code}`})`);
      for (const { reject } of this.#pending.values()) reject(error);
      this.#pending.clear();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Rejects when the cluster refuses, or when its process ends. */
  send<Name extends CommandName>(
    name: Name,
    argument: Commands[Name]["argument"],
  ): Promise<Commands[Name]["answer"]> {
    const id = this.#ids++;
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) {
        reject(new Error(`the cluster's process is not there any more (${name})`));
        return;
      }
      this.#pending.set(id, { resolve, reject });
      this.#child.send({ id, name, argument });
    });
  }

  /** Ends the process at once; its memory is worth nothing. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.kill("SIGKILL");
    await ended;
  }

  #receive(message: AnswerMessage): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if ("error" in message) pending?.reject(new Error(message.error));
    else pending?.resolve(message.answer as never);
  }
}
