// Callers of an application: so many requests a second, each to one of its addresses by chance, as a Service would spread them.
import { request } from "node:http";

export interface CallersOptions {
  readonly perSecond: number;
  /** Asked before each request; none while there is nothing to call. */
  readonly addresses: () => readonly string[];
  readonly port: number;
  readonly path: string;
}

/** Callers give up after so long. */
const PATIENCE_MS = 10_000;
/** So many requests of slow applications at most wait at a time. */
const MOST_OPEN = 200;

/** Calls until the returned function is called. What the application answers, and whether, does not matter. */
export function startCallers({ perSecond, addresses, port, path }: CallersOptions): () => void {
  let open = 0;
  const timer = setInterval(() => {
    const all = addresses();
    const host = all[Math.floor(Math.random() * all.length)];
    if (host === undefined || open >= MOST_OPEN) return;
    open += 1;
    const call = request({ host, port, path, agent: false, timeout: PATIENCE_MS }, (answer) =>
      answer.resume(),
    );
    call.on("timeout", () => call.destroy());
    call.on("error", () => {});
    call.on("close", () => {
      open -= 1;
    });
    call.end();
  }, 1_000 / perSecond);
  return () => clearInterval(timer);
}
