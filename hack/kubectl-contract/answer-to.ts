// Runs one command of a case in a shell, as a user would, and gives back what it said.
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { runProgram } from "../run-program.ts";
import { type ContractCommand, MANIFESTS } from "./contract-case.ts";
import { normalise } from "./normalise.ts";

export interface CommandAnswer {
  /** The command as typed. */
  readonly command: string;
  /** What it wrote, normalised; lines of standard error begin with "! ". */
  readonly output: readonly string[];
  /** -1 when it was ended because it had said as much as was asked for. */
  readonly exitCode: number;
}

/** No command takes longer, unless it hangs. */
const LIMIT_MS = 60_000;
/** Watches show what is there before they can show changes. */
const BEFORE_CHANGES_MS = 1_000;

interface Spoken {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs the command, and what shall happen meanwhile, in this environment. */
export async function answerTo(
  command: ContractCommand,
  environment: NodeJS.ProcessEnv,
): Promise<CommandAnswer> {
  const spoken = speak(command.run, environment, command.lines);
  for (const change of command.meanwhile ?? []) {
    await sleep(BEFORE_CHANGES_MS);
    await mustRun(change, environment);
  }
  const { stdout, stderr, exitCode } = await spoken;
  const lines = [...linesOf(stdout), ...linesOf(stderr).map((line) => `! ${line}`)];
  return { command: command.run, output: compared(lines, command), exitCode };
}

/** Runs a command whose answer is not compared; throws when it fails. */
export async function mustRun(command: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  return runProgram(["sh", "-c", `exec ${command}`], { cwd: MANIFESTS, env: environment, signal });
}

/** Ends the command once it has written that many lines, if a number is given. */
function speak(command: string, environment: NodeJS.ProcessEnv, lines: number | undefined): Promise<Spoken> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", `exec ${command}`], { cwd: MANIFESTS, env: environment });
    let stdout = "";
    let stderr = "";
    const limit = setTimeout(() => {
      stderr += `(ended: no answer within ${LIMIT_MS / 1_000} seconds)\n`;
      child.kill("SIGKILL");
    }, LIMIT_MS);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (lines !== undefined && stdout.split("\n").length > lines) child.kill();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(limit);
      resolve({ stdout, stderr, exitCode: code ?? -1 });
    });
  });
}

function linesOf(text: string): readonly string[] {
  const normal = normalise(text);
  return normal === "" ? [] : normal.split("\n");
}

/** The lines that count, in the order in which they are compared. */
function compared(lines: readonly string[], { compare, keep }: ContractCommand): readonly string[] {
  const pattern = keep === undefined ? undefined : new RegExp(keep);
  const kept = pattern === undefined ? lines : lines.filter((line) => pattern.test(line));
  switch (compare) {
    case "whole":
      return kept;
    case "sorted":
      return [...kept].sort();
    case "last-line":
      return kept.slice(-1);
    case "exit-code":
      return [];
  }
}
