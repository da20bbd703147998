// Records what happens in the namespace of each scenario, by the command that users have for it.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { PlayOptions } from "../scenarios/play-scenarios.ts";

const PLUGIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
/** What was there before the first deed, such as late Events, is listed by then. */
const BEFORE_FIRST_DEED_MS = 2_000;
/** A recorder that says nothing for so long has failed. */
const PATIENCE_MS = 120_000;

interface Recorder {
  readonly process: ChildProcessByStdio<Writable, null, Readable>;
  readonly lines: Interface;
}

/** One file for each namespace, of the same name, from just before its first deed; each deed is a mark in it. */
export function recordersInto(
  folder: string,
  kubeconfig: string,
): Required<Pick<PlayOptions, "onDeed" | "onEnd">> {
  const recorders = new Map<string, Recorder>();

  async function begin(namespace: string): Promise<Recorder> {
    const flags = ["--namespace", namespace, "--out", join(folder, `${namespace}.jsonl`)];
    const process_ = spawn(process.execPath, [PLUGIN, "record", ...flags, "--kubeconfig", kubeconfig], {
      stdio: ["pipe", "inherit", "pipe"],
    });
    const recorder = { process: process_, lines: createInterface({ input: process_.stderr }) };
    recorders.set(namespace, recorder);
    await said(recorder, "recording namespace");
    await wait(BEFORE_FIRST_DEED_MS);
    return recorder;
  }

  return {
    async onDeed(namespace, what) {
      const recorder = recorders.get(namespace) ?? (await begin(namespace));
      const isMarked = said(recorder, `marked: ${what}`);
      recorder.process.stdin.write(`${what}\n`);
      await isMarked;
    },
    async onEnd({ namespace }) {
      const recorder = recorders.get(namespace)?.process;
      recorder?.kill("SIGINT");
      if (recorder?.exitCode === null) await once(recorder, "exit");
    },
  };
}

/** Resolves when the recorder writes a line that begins so. */
async function said({ lines, process: { spawnargs } }: Recorder, beginning: string): Promise<void> {
  const reported: string[] = [];
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const [line] = (await once(lines, "line", { signal })) as [string];
      if (line.startsWith(beginning)) return;
      reported.push(line);
    }
  } catch (cause) {
    throw new Error(`${spawnargs.join(" ")} did not say "${beginning}": ${reported.join("; ")}`, { cause });
  }
}
