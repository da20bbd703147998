// The probes of one running container: which of them runs when, and what follows from what they find.
import type { Probe } from "../../api-server/kinds.ts";
import type { SimulatedTime } from "../../simulated-time.ts";
import { attemptProbe, type ProbedContainer, type ProbeResult } from "./probe.ts";
import { type ProbeKind, ProbeLoop, type ProbeLoopHost } from "./probe-loop.ts";

export interface ProberParts {
  readonly time: SimulatedTime;
  readonly startedAt: number;
  /** The first time that the kubelet looks at the running container. */
  readonly firstRelistAt: number;
  /** When it looks at it once more, unasked; undefined when it does not. */
  readonly rechecksAt?: number | undefined;
  /** When the kubelet began to care for the pod: startup and liveness probes are due every period from then on. */
  readonly podBeganAt: number;
  probed(): ProbedContainer;
  /** How long after the container's start its application behaves as it does now, until it may change (ms). */
  steadyUntilMs(runningMs: number): number;
  /** An attempt failed. */
  unhealthy(message: string): void;
  /** `isStarted` or `isReady` changed. */
  changed(): void;
  /** A startup or liveness probe gave the container up. */
  kill(kind: "startup" | "liveness", probe: Probe): void;
}

export class Prober implements ProbeLoopHost {
  readonly #parts: ProberParts;
  #loops: readonly ProbeLoop[] = [];
  #isStarted: boolean;
  #isReady: boolean;
  #isEnding = false;
  #cancelCheck = (): void => {};

  constructor(parts: ProberParts) {
    this.#parts = parts;
    const { startupProbe, readinessProbe } = this.#probes;
    this.#isStarted = startupProbe === undefined;
    this.#isReady = this.#isStarted && readinessProbe === undefined;
    if (startupProbe !== undefined) this.#run("Startup", startupProbe, this.#nextTick(startupProbe));
    else this.#runAfterStartup(parts.firstRelistAt);
    if (parts.rechecksAt !== undefined) {
      this.#cancelCheck = parts.time.at(parts.rechecksAt, () => this.#recheck());
    }
  }

  get time(): SimulatedTime {
    return this.#parts.time;
  }

  get startedAt(): number {
    return this.#parts.startedAt;
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  stop(): void {
    this.#cancelCheck();
    for (const loop of this.#loops) loop.stop();
    this.#loops = [];
  }

  /** The pod is told to end: readiness is still probed, once more at once; nothing is killed any more. */
  startEnding(): void {
    this.#isEnding = true;
    const probe = this.#probes.readinessProbe;
    if (probe === undefined || !this.#isStarted) return;
    const result = this.attempt(probe);
    if (result.outcome === "failure") this.unhealthy(`Readiness probe failed: ${result.output}`);
  }

  attempt(probe: Probe): ProbeResult {
    return attemptProbe(probe, this.#parts.probed());
  }

  steadyUntil(): number {
    const { time, startedAt } = this.#parts;
    return startedAt + this.#parts.steadyUntilMs(time.now() - startedAt);
  }

  unhealthy(message: string): void {
    this.#parts.unhealthy(message);
  }

  succeeded(kind: ProbeKind): boolean {
    if (kind === "Startup") {
      this.#isStarted = true;
      this.#isReady = this.#probes.readinessProbe === undefined;
      // Once a container has started, its readiness is probed at once.
      this.#runAfterStartup(this.#parts.time.now());
      this.#parts.changed();
      return true;
    }
    if (kind === "Readiness" && !this.#isReady) {
      this.#isReady = true;
      this.#parts.changed();
    }
    return false;
  }

  gaveUp(kind: ProbeKind): boolean {
    if (kind === "Readiness") {
      if (this.#isReady) {
        this.#isReady = false;
        this.#parts.changed();
      }
      return false;
    }
    const { startupProbe, livenessProbe } = this.#probes;
    const probe = kind === "Startup" ? startupProbe : livenessProbe;
    if (probe !== undefined && !this.#isEnding)
      this.#parts.kill(kind === "Startup" ? "startup" : "liveness", probe);
    return true;
  }

  /** Whenever the kubelet looks at a container that is not ready, it probes it at once. */
  #recheck(): void {
    if (this.#isReady) return;
    for (const loop of this.#loops) if (loop.kind === "Readiness") loop.tryNow();
  }

  get #probes() {
    return this.#parts.probed().container;
  }

  #runAfterStartup(firstRelistAt: number): void {
    const { readinessProbe, livenessProbe } = this.#probes;
    if (readinessProbe !== undefined) this.#run("Readiness", readinessProbe, firstRelistAt);
    if (livenessProbe !== undefined) this.#run("Liveness", livenessProbe, this.#nextTick(livenessProbe));
  }

  #run(kind: ProbeKind, probe: Probe, firstAt: number): void {
    this.#loops = [...this.#loops, new ProbeLoop(kind, probe, firstAt, this)];
  }

  /** When a probe is due that keeps to the periods since the kubelet began to care for the pod. */
  #nextTick({ periodSeconds = 10 }: Probe): number {
    const { time, firstRelistAt, podBeganAt } = this.#parts;
    const periodMs = periodSeconds * 1_000;
    const after = Math.max(time.now(), firstRelistAt) - podBeganAt;
    return podBeganAt + Math.ceil(after / periodMs) * periodMs;
  }
}
