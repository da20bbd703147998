// Starts the process of one seed and waits for its result.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { RunResult } from "./result.ts";
import type { SeedOrder } from "./seed-run.ts";

const SEED_RUN = fileURLToPath(new URL("seed-run.ts", import.meta.url));

/** Rejects when the process ends without a result. `onMinute` is told each minute of the cluster that has passed. */
export function startSeed(
  order: SeedOrder,
  onMinute: (minute: number) => void = () => {},
): Promise<RunResult> {
  const child = fork(SEED_RUN, [JSON.stringify(order)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  return new Promise((resolve, reject) => {
    child.on("message", (message: { minute?: number; result?: RunResult }) => {
      if (message.minute !== undefined) onMinute(message.minute);
      if (message.result !== undefined) resolve(message.result);
    });
    child.once("exit", (code, signal) =>
      reject(new Error(`the process of seed ${order.seed} ended without a result (${signal ?? code})`)),
    );
  });
}
