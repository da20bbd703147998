// Runs a program to its end and gives back what it wrote.
import { spawn } from "node:child_process";

/** What a run may be given. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Its standard output. Rejects with the end of what it said when it fails, and when the signal comes. */
export function runCommand(command: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const { signal, ...rest } = options;
    // In a session of its own: an interrupt from the keyboard reaches this program, which ends the other.
    const child = spawn(program, args, { ...rest, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-4_000);
    });
    const abort = (): void => {
      if (child.pid !== undefined) endGroup(child.pid);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    child.once("error", (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.once("close", (code, ended) => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) reject(new Error(`${program} was ended because the start was given up`));
      else if (code === 0) resolve(output);
      else
        reject(
          new Error(`"${command.join(" ")}" failed (${ended ?? `exit code ${code}`}):\n${errors || output}`),
        );
    });
  });
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
