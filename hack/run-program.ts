// Runs a program to its end and gives back what it wrote.
import { spawn } from "node:child_process";

/** What a run may be given. */
export interface RunOptions {
  /** Ends the program, with all that it started. */
  readonly signal?: AbortSignal | undefined;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Its standard input. Default: none. */
  readonly input?: string;
}

const LONGEST_ERROR = 4_000;

/** Its standard output. Rejects with the end of what it said when it fails, and when the signal comes. */
export function runProgram(words: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = "", ...args] = words;
  const { signal, input = "", ...rest } = options;
  return new Promise((resolve, reject) => {
    // In a session of its own: an interrupt from the keyboard reaches this program, which ends the other.
    const child = spawn(program, args, { ...rest, detached: true, stdio: ["pipe", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-LONGEST_ERROR);
    });
    // A program that does not read its input may end before all of it is written.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    const abort = (): void => {
      if (child.pid !== undefined) endGroup(child.pid);
    };
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    child.once("error", (error) => reject(new Error(`${program} cannot be run: ${error.message}`)));
    child.once("close", (code, ended) => {
      signal?.removeEventListener("abort", abort);
      if (code === 0) resolve(output);
      else if (signal?.aborted) reject(new Error(`${program} was ended: ${reasonOf(signal)}`));
      else
        reject(
          new Error(`"${words.join(" ")}" failed (${ended ?? `exit code ${code}`}):\n${errors || output}`),
        );
    });
  });
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It has ended by itself.
  }
}
