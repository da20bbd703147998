// One probe of one running container, tried again and again: when, and how often attempts must agree.
import type { Probe } from "../../api-server/kinds.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import type { ProbeResult } from "./probe.ts";

export type ProbeKind = "Startup" | "Readiness" | "Liveness";

/** What a probe needs of the container it is about. */
export interface ProbeLoopHost {
  readonly time: SimulatedTime;
  /** Of the container (epoch ms). */
  readonly startedAt: number;
  attempt(probe: Probe): ProbeResult;
  /** Until when (epoch ms) an attempt comes out as one does now. */
  steadyUntil(): number;
  /** An attempt failed, or was not possible. */
  unhealthy(message: string): void;
  /** Attempts succeeded often enough. True when this probe is done for good. */
  succeeded(kind: ProbeKind): boolean;
  /** Attempts failed often enough. True when this probe is done for good. */
  gaveUp(kind: ProbeKind): boolean;
}

/**
 * Attempts are due at `firstAt` and every period from then on. While an application is healthy and does not change,
 * they would show nothing to anybody: the loop then sleeps until the first attempt that may come out otherwise.
 */
export class ProbeLoop {
  readonly kind: ProbeKind;
  readonly #probe: Probe;
  readonly #host: ProbeLoopHost;
  /** From when on periods are counted. */
  #firstAt: number;
  #periods = 0;
  #successes = 0;
  #failures = 0;
  #cancel: (() => void) | undefined;

  constructor(kind: ProbeKind, probe: Probe, firstAt: number, host: ProbeLoopHost) {
    this.kind = kind;
    this.#probe = probe;
    this.#firstAt = firstAt;
    this.#host = host;
    this.#sleepUntil(Math.max(firstAt, this.#earliestAt()));
  }

  /** An attempt now, from which periods are counted anew. */
  tryNow(): void {
    const now = this.#host.time.now();
    if (this.#cancel === undefined) return;
    this.stop();
    this.#firstAt = now;
    this.#periods = 0;
    this.#sleepUntil(Math.max(now, this.#earliestAt()));
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Wakes up for the first attempt at or after a time. */
  #sleepUntil(at: number): void {
    this.#cancel = undefined;
    if (at === Number.POSITIVE_INFINITY) return;
    const periodMs = (this.#probe.periodSeconds ?? 10) * 1_000;
    this.#periods = Math.max(this.#periods, Math.floor((at - this.#firstAt) / periodMs));
    while (this.#dueAt(periodMs) < at) this.#periods += 1;
    this.#cancel = this.#host.time.at(this.#dueAt(periodMs), () => this.#attempt());
  }

  /** The kubelet knows when the container started to the second only. */
  #earliestAt(): number {
    const { initialDelaySeconds = 0 } = this.#probe;
    return (Math.floor(this.#host.startedAt / 1_000) + initialDelaySeconds) * 1_000;
  }

  #dueAt(periodMs: number): number {
    return this.#firstAt + this.#periods * periodMs;
  }

  #attempt(): void {
    const { successThreshold = 1, failureThreshold = 3 } = this.#probe;
    const result = this.#host.attempt(this.#probe);
    this.#periods += 1;
    // Scheduled first: what follows from the result may stop it.
    const isSettled = result.outcome === "success" && this.#successes + 1 >= successThreshold;
    this.#sleepUntil(isSettled ? this.#host.steadyUntil() : this.#host.time.now());
    if (result.outcome === "error") {
      this.#host.unhealthy(`${this.kind} probe errored and resulted in unknown state: ${result.output}`);
      return;
    }
    const isSuccess = result.outcome === "success";
    this.#successes = isSuccess ? this.#successes + 1 : 0;
    this.#failures = isSuccess ? 0 : this.#failures + 1;
    if (result.outcome === "failure") this.#host.unhealthy(`${this.kind} probe failed: ${result.output}`);
    if (this.#successes >= successThreshold && this.#host.succeeded(this.kind)) this.stop();
    if (this.#failures >= failureThreshold && this.#host.gaveUp(this.kind)) this.stop();
  }
}
