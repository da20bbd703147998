// Runs a program that belongs to a cluster's tool chain, such as docker or kind.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Resolves with its standard output. Rejects with what it said, or that it is not there. */
export async function runProgram(program: string, words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(program, words, { encoding: "utf8" });
    return stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    if (code === "ENOENT") throw new Error(`${program} is not installed, or not in PATH`, { cause: error });
    throw new Error(`${program} ${words.join(" ")}: ${stderr?.trim() || String(error)}`, { cause: error });
  }
}
