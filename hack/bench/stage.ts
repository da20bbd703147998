// One scene with its two processes, and their end whatever happens.
import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { OPERATOR_BUNDLE, OperatorProcess, type OperatorProcessOptions } from "../operator-process.ts";
import type { SceneFacts } from "./cluster/commands.ts";
import { ClusterProcess } from "./process/cluster-process.ts";
import type { SceneSize } from "./scene/scene-plan.ts";

export interface Stage {
  readonly size: SceneSize;
  readonly facts: SceneFacts;
  readonly cluster: ClusterProcess;
  readonly operator: OperatorProcess;
  /** Resolves with the epoch ms at which the operator says that its caches are filled. */
  readonly filled: Promise<number>;
}

/** What may differ from the bundle that ships, on plain Node. */
export type OperatorOptions = Pick<OperatorProcessOptions, "file" | "nodeFlags">;

export interface StageOptions {
  /** HTTP/1.1 without TLS, and not HTTP/2 over TLS as real API servers have it. */
  readonly isPlain: boolean;
  readonly operator: OperatorOptions;
}

/** Builds the scene, starts the operator at once, lets `play` measure, and ends both processes. */
export async function withStage<T>(
  size: SceneSize,
  options: StageOptions,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  const cluster = new ClusterProcess();
  let operator: OperatorProcess | undefined;
  let kubeconfig: string | undefined;
  // Also when the bench itself is told to end.
  const killAll = (): void => {
    if (cluster.pid) tryKill(cluster.pid);
    if (kubeconfig !== undefined) rmSync(dirname(kubeconfig), { recursive: true, force: true });
  };
  process.once("exit", killAll);
  try {
    const facts = await cluster.send("build", { size, isPlain: options.isPlain });
    ({ kubeconfig } = facts);
    operator = new OperatorProcess({ kubeconfig, file: OPERATOR_BUNDLE, ...options.operator });
    const filled = operator.said('"caches synced;').then(() => Date.now());
    // Whoever waits for it hears that it failed; nobody has to.
    filled.catch(() => {});
    return await play({ size, facts, cluster, operator, filled });
  } finally {
    await operator?.stop();
    await cluster.stop();
    process.off("exit", killAll);
    if (kubeconfig !== undefined) rmSync(dirname(kubeconfig), { recursive: true, force: true });
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
