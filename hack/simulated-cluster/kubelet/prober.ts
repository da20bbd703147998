// The probes of one running container: when they are tried, how often they must agree, what follows.
import type { Probe } from "../api-server/kinds.ts";
import type { SimulatedTime } from "../simulated-time.ts";
import { attemptProbe, type ProbedContainer } from "./probe.ts";

type ProbeKind = "Startup" | "Readiness" | "Liveness";

export interface ProberParts {
  readonly time: SimulatedTime;
  readonly startedAt: number;
  /** The first time that the kubelet looks at the running container. */
  readonly firstLookAt: number;
  probed(): ProbedContainer;
  /** An attempt failed. */
  unhealthy(message: string): void;
  /** `isStarted` or `isReady` changed. */
  changed(): void;
  /** A startup or liveness probe gave the container up. */
  kill(kind: "startup" | "liveness"): void;
}

export class Prober {
  readonly #parts: ProberParts;
  readonly #probes: Readonly<Record<ProbeKind, Probe | undefined>>;
  readonly #cancels = new Set<() => void>();
  #isStarted: boolean;
  #isReady: boolean;

  constructor(parts: ProberParts) {
    const { startupProbe, readinessProbe, livenessProbe } = parts.probed().container;
    this.#parts = parts;
    this.#probes = { Startup: startupProbe, Readiness: readinessProbe, Liveness: livenessProbe };
    this.#isStarted = startupProbe === undefined;
    this.#isReady = this.#isStarted && readinessProbe === undefined;
    if (startupProbe !== undefined) this.#run("Startup", startupProbe);
    else this.#runAfterStartup(parts.firstLookAt);
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  stop(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  /** One more readiness attempt outside of the period, as happens when a pod is told to end. */
  tryReadinessNow(): void {
    const probe = this.#probes.Readiness;
    if (probe === undefined || !this.#isStarted) return;
    const result = attemptProbe(probe, this.#parts.probed());
    if (result.outcome === "failure") this.#parts.unhealthy(`Readiness probe failed: ${result.output}`);
  }

  #runAfterStartup(firstAt: number): void {
    const { Readiness, Liveness } = this.#probes;
    if (Readiness !== undefined) this.#run("Readiness", Readiness, firstAt);
    if (Liveness !== undefined) this.#run("Liveness", Liveness, firstAt);
  }

  #run(kind: ProbeKind, probe: Probe, firstAt = this.#parts.firstLookAt): void {
    const { time, startedAt } = this.#parts;
    const periodMs = (probe.periodSeconds ?? 10) * 1_000;
    const earliestAt = startedAt + (probe.initialDelaySeconds ?? 0) * 1_000;
    let successes = 0;
    let failures = 0;
    const attempt = (): void => {
      if (time.now() >= earliestAt) {
        const result = attemptProbe(probe, this.#parts.probed());
        if (result.outcome === "error") {
          this.#parts.unhealthy(`${kind} probe errored and resulted in unknown state: ${result.output}`);
        } else {
          const isSuccess = result.outcome === "success";
          successes = isSuccess ? successes + 1 : 0;
          failures = isSuccess ? 0 : failures + 1;
          if (!isSuccess) this.#parts.unhealthy(`${kind} probe failed: ${result.output}`);
          if (successes >= (probe.successThreshold ?? 1) && this.#succeed(kind)) return;
          if (failures >= (probe.failureThreshold ?? 3) && this.#fail(kind)) return;
        }
      }
      this.#after(periodMs, attempt);
    };
    this.#after(Math.max(0, firstAt - time.now()), attempt);
  }

  /** True when this probe is done for good. */
  #succeed(kind: ProbeKind): boolean {
    if (kind === "Startup") {
      this.#isStarted = true;
      this.#isReady = this.#probes.Readiness === undefined;
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

  #fail(kind: ProbeKind): boolean {
    if (kind !== "Readiness") {
      this.#parts.kill(kind === "Startup" ? "startup" : "liveness");
      return true;
    }
    if (this.#isReady) {
      this.#isReady = false;
      this.#parts.changed();
    }
    return false;
  }

  #after(delayMs: number, callback: () => void): void {
    const cancel = this.#parts.time.after(delayMs, () => {
      this.#cancels.delete(cancel);
      callback();
    });
    this.#cancels.add(cancel);
  }
}
