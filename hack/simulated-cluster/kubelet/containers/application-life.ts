// The life of one started process that depends on its cluster: it waits for what must exist, and contends for its Lease.
import { type Application, steadyUntilMs } from "../application.ts";
import { missingDependency } from "./dependencies.ts";
import { type ContenderParts, LeaseContender } from "./lease-contender.ts";

/** How often it checks whether what it waits for exists. */
const CHECK_EVERY_MS = 1_000;

export interface LifeParts extends Omit<ContenderParts, "name"> {
  readonly application: Application;
  readonly startedAt: number;
  /** It does its work from now on. */
  readonly began: () => void;
}

export class ApplicationLife {
  readonly #parts: LifeParts;
  #beganAt: number | undefined;
  #contender: LeaseContender | undefined;

  constructor(parts: LifeParts) {
    this.#parts = parts;
    this.#beginWhenPossible(parts.startedAt);
  }

  /** How long it has done its work; negative while it waits. */
  get runningMs(): number {
    return this.#beganAt === undefined ? -1 : this.#parts.time.now() - this.#beganAt;
  }

  /** Whether another process holds its Lease. */
  get isStandby(): boolean {
    return this.#parts.application.lease !== undefined && this.#contender?.isHolder !== true;
  }

  /** How long after its start it behaves as it does now, until it can change. */
  get steadyUntilMs(): number {
    const { application, startedAt, time } = this.#parts;
    if (this.#beganAt === undefined) return time.now() - startedAt;
    return this.#beganAt - startedAt + steadyUntilMs(application, this.runningMs);
  }

  #beginWhenPossible(at: number): void {
    const { application, namespace, after, began } = this.#parts;
    if (missingDependency(this.#parts, namespace, application.waitsFor) !== undefined) {
      after(CHECK_EVERY_MS, () => this.#beginWhenPossible(this.#parts.time.now()));
      return;
    }
    this.#beganAt = at;
    if (application.lease !== undefined) {
      this.#contender = new LeaseContender({ ...this.#parts, name: application.lease });
    }
    began();
  }
}
