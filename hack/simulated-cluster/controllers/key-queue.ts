// The work queue of a simulated controller: keys, each one handled soon after it was added, never twice at once.
import { CallPending } from "../admission/call-pending.ts";
import { ApiError } from "../api-server/api-error.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import type { ControllerName } from "../controller-pauses.ts";

/** How long a real controller takes from a watch event to its next pass over the key. */
const LATENCY_MS = [2, 18] as const;
/** As the rate limiter of Kubernetes' controllers: 5 ms, doubling up to 1,000 s. */
const FIRST_RETRY_MS = 5;
const LAST_RETRY_MS = 1_000_000;

export interface KeyQueue {
  /** Has the key handled soon, or after a delay. */
  add(key: string, delayMs?: number): void;
}

/**
 * `handle` must be synchronous; when the API refuses it something, the key is tried again later and later. While the
 * controller of that name is paused, keys wait.
 */
export function createKeyQueue(
  parts: ClusterParts,
  handle: (key: string) => void,
  controller?: ControllerName,
): KeyQueue {
  const { time, random, pauses } = parts;
  const waiting = new Set<string>();
  const failures = new Map<string, number>();

  function run(key: string): void {
    if (controller !== undefined && pauses?.isPaused(controller)) {
      pauses.whenResumed(controller, () => time.after(random.between(...LATENCY_MS), () => run(key)));
      return;
    }
    waiting.delete(key);
    try {
      handle(key);
      failures.delete(key);
    } catch (error) {
      if (error instanceof CallPending) {
        waiting.add(key);
        time.after(error.remainingMs, () => run(key));
        return;
      }
      if (!(error instanceof ApiError)) throw error;
      const count = failures.get(key) ?? 0;
      failures.set(key, count + 1);
      add(key, Math.min(FIRST_RETRY_MS * 2 ** count, LAST_RETRY_MS));
    }
  }

  function add(key: string, delayMs?: number): void {
    if (delayMs !== undefined) {
      time.after(delayMs, () => add(key));
      return;
    }
    if (waiting.has(key)) return;
    waiting.add(key);
    time.after(random.between(...LATENCY_MS), () => run(key));
  }

  return { add };
}

/** The key of an object, and back. */
export function keyFor(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

export function parseKey(key: string): { namespace: string; name: string } {
  const [namespace = "", name = ""] = key.split("/");
  return { namespace, name };
}
