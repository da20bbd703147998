// How a running process is brought to its end: preStop hook, its turn, SIGTERM, and SIGKILL when its time is over.
import type { Container } from "../../api-server/kinds.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import { type Application, type Exit, terminationOf } from "../application.ts";
import { draw, TIMING } from "../timing/timing.ts";

/** However short the grace period, and however much of it the hook took: so long is left after SIGTERM. */
const LEAST_GRACE_MS = 2_000;

export interface ProcessEnding {
  readonly container: Container;
  readonly application: Application;
  readonly graceMs: number;
  /** Calls back when the containers that must end before this one have; at once by default. */
  readonly awaitTurn?: ((itIsTime: () => void) => void) | undefined;
  readonly parts: Pick<ClusterParts, "time" | "random">;
  readonly after: (delayMs: number, callback: () => void) => void;
}

/** Calls back when the process has ended. The hook and the wait for its turn count against the grace period. */
export function stopProcess(ending: ProcessEnding, ended: (exit: Exit) => void): void {
  const { container, application, graceMs, awaitTurn, parts, after } = ending;
  const endsBy = parts.time.now() + graceMs;
  let isReported = false;
  const tell = (): void => {
    if (isReported) return;
    isReported = true;
    const leftMs = Math.max(LEAST_GRACE_MS, endsBy - parts.time.now());
    const takesMs = application.ignoresTerm ? leftMs : draw(parts.random, TIMING.sigtermExit);
    after(Math.min(takesMs, leftMs), () => ended(terminationOf(application)));
  };
  const waitForTurn = (): void => {
    if (awaitTurn === undefined) tell();
    else awaitTurn(tell);
    if (!isReported) after(Math.max(0, endsBy - parts.time.now()), tell);
  };
  const hookMs = Math.min(graceMs, hookMsOf(container, application));
  if (hookMs > 0) after(hookMs, waitForTurn);
  else waitForTurn();
}

function hookMsOf({ lifecycle }: Container, { preStopMs }: Application): number {
  const hook = lifecycle?.preStop;
  if (hook === undefined) return 0;
  return hook.sleep === undefined ? preStopMs : hook.sleep.seconds * 1_000;
}
