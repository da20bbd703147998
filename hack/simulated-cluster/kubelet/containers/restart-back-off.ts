// Starts one container again after its ends: at once the first time, then after waits that double.
import type { ClusterParts } from "../../cluster-parts.ts";
import { durationText } from "../timing/duration-text.ts";
import type { Timers } from "../timing/timers.ts";
import { draw, nextBackOff, RESTART_BACK_OFF, TIMING } from "../timing/timing.ts";
import type { ContainerHistory } from "./container-history.ts";
import { type ContainerRole, isSidecar } from "./restart-policy.ts";

export interface RestartBackOffParts {
  readonly random: ClusterParts["random"];
  readonly role: ContainerRole;
  readonly podText: string;
  readonly history: ContainerHistory;
  readonly timers: Timers;
  readonly record: (type: "Normal" | "Warning", reason: string, message: string) => void;
  /** Shows a problem in the container's status. */
  readonly showWaiting: (reason: string, message: string) => void;
  readonly start: () => void;
}

export class RestartBackOff {
  readonly #parts: RestartBackOffParts;
  #waitMs = 0;

  constructor(parts: RestartBackOffParts) {
    this.#parts = parts;
  }

  /** A container that ran for long starts anew without a wait. */
  forgetAfter(ranMs: number): void {
    if (ranMs >= RESTART_BACK_OFF.resetAfterMs) this.#waitMs = 0;
  }

  /**
   * After the kubelet killed it for a probe: it starts anew within the same look, which knows of no end but the one
   * before, and has to wait only when that is a short time ago.
   */
  restartKilled(exitCode: number, sincePreviousEndMs: number | undefined): void {
    if (sincePreviousEndMs !== undefined && sincePreviousEndMs < this.#waitMs) {
      this.#parts.showWaiting("CrashLoopBackOff", this.#textOf(this.#waitMs));
      this.restart(exitCode);
      return;
    }
    if (sincePreviousEndMs !== undefined) this.#waitMs = nextBackOff(this.#waitMs, RESTART_BACK_OFF);
    this.#parts.start();
  }

  restart(exitCode: number): void {
    const { random, role, podText, history, timers, record, showWaiting, start } = this.#parts;
    const { name } = role.container;
    const waitMs = this.#waitMs;
    this.#waitMs = nextBackOff(waitMs, RESTART_BACK_OFF);
    if (waitMs === 0) {
      start();
      return;
    }
    if (exitCode !== 0 || isSidecar(role) || role.restartPolicy === "Always") {
      record("Warning", "BackOff", `Back-off restarting failed container ${name} in pod ${podText}`);
    }
    const text = this.#textOf(waitMs);
    // A container that ran shows its end until it is tried again; one that never started has none to show.
    if (history.exitCode === undefined) showWaiting("CrashLoopBackOff", text);
    timers.after(waitMs * draw(random, TIMING.backOffFactor), () => {
      showWaiting("CrashLoopBackOff", text);
      start();
    });
  }

  #textOf(waitMs: number): string {
    const { role, podText } = this.#parts;
    return `back-off ${durationText(waitMs)} restarting failed container=${role.container.name} pod=${podText}`;
  }
}
