// Records what happens in the namespace of each scenario, by the command that users have for it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { PlayOptions } from "../scenarios/play-scenarios.ts";

const RECORD = fileURLToPath(new URL("../../src/cli/record/main.ts", import.meta.url));

/** One file NAME.jsonl for each scenario. */
export function recordingsInto(folder: string, kubeconfig: string): Pick<PlayOptions, "onBegin" | "onEnd"> {
  const recorders = new Map<string, ChildProcess>();
  return {
    async onBegin({ name }, namespace) {
      const flags = ["--namespace", namespace, "--out", join(folder, `${name}.jsonl`)];
      const recorder = spawn(process.execPath, [RECORD, ...flags, "--kubeconfig", kubeconfig], {
        stdio: ["pipe", "inherit", "pipe"],
      });
      recorders.set(namespace, recorder);
      for await (const line of createInterface({ input: recorder.stderr })) {
        if (line.startsWith("recording namespace")) return;
      }
      throw new Error(`the recorder of ${namespace} did not begin`);
    },
    async onEnd({ namespace }) {
      const recorder = recorders.get(namespace);
      recorder?.kill("SIGINT");
      if (recorder?.exitCode === null) await once(recorder, "exit");
    },
  };
}
