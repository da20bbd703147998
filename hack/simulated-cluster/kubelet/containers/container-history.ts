// What happened to one container so far, as its status tells it: its state, its last end, its restarts.
import type { ContainerState, ContainerStatus, Terminated } from "../../api-server/kinds.ts";
import type { Exit } from "../application.ts";
import { fullImageName } from "../image-name.ts";
import { type ContainerRole, isRestartedAfter, isSidecar } from "./restart-policy.ts";

/** How and when its process ended. */
export interface ContainerEnd extends Exit {
  /** RFC 3339. */
  readonly finishedAt: string;
}

/** When a container started that never did. */
const NEVER = "1970-01-01T00:00:00Z";

export class ContainerHistory {
  readonly #role: ContainerRole;
  #state: ContainerState;
  #lastTerminated: Terminated | undefined;
  #restartCount = 0;
  #starts = 0;
  #containerID: string | undefined;
  #imageID = "";

  constructor(role: ContainerRole, waitingReason: string) {
    this.#role = role;
    this.#state = { waiting: { reason: waitingReason } };
  }

  /** How often it was started, or could not be. */
  get starts(): number {
    return this.#starts;
  }

  /** Whether it ended well and is not started again. */
  get isCompleted(): boolean {
    return this.exitCode === 0 && this.isOver;
  }

  /** Whether it ended and is not started again. */
  get isOver(): boolean {
    return this.exitCode !== undefined && !isRestartedAfter(this.exitCode, this.#role);
  }

  /** Undefined while it has not ended. */
  get exitCode(): number | undefined {
    return this.#state.terminated?.exitCode;
  }

  get waitingReason(): string | undefined {
    return this.#state.waiting?.reason;
  }

  status(now: { readonly isStarted: boolean; readonly isReady: boolean }): ContainerStatus {
    const { name, image } = this.#role.container;
    const lastTerminated = this.#lastTerminated;
    const hasEverStarted = this.#starts > 0;
    return {
      name,
      state: this.#state,
      lastState: lastTerminated === undefined ? {} : { terminated: lastTerminated },
      ready: this.#role.isInit && !isSidecar(this.#role) ? this.isCompleted : now.isReady,
      restartCount: this.#restartCount,
      image: hasEverStarted ? fullImageName(image) : image,
      imageID: hasEverStarted ? this.#imageID : "",
      ...(this.#containerID && { containerID: this.#containerID }),
      started: now.isStarted,
    };
  }

  wait(reason: string, message: string): void {
    this.#keepEnd();
    this.#state = { waiting: { reason, message } };
  }

  /** The runtime has made the container; it does not run yet. */
  create(containerID: string, imageID: string): void {
    this.#containerID = containerID;
    this.#imageID = imageID;
  }

  run(startedAt: string): void {
    this.#keepEnd();
    this.#countStart();
    this.#state = { running: { startedAt } };
  }

  /** The runtime could not start it: what is waiting now has this end behind it. */
  failToStart(message: string, at: string): void {
    this.#lastTerminated = {
      exitCode: 128,
      reason: "StartError",
      message,
      startedAt: NEVER,
      finishedAt: at,
      containerID: this.#containerID,
    };
    this.#countStart();
  }

  end({ exitCode, reason, message, finishedAt }: ContainerEnd): void {
    this.#state = {
      terminated: {
        exitCode,
        reason,
        ...(message && { message }),
        startedAt: this.#state.running?.startedAt ?? null,
        finishedAt,
        containerID: this.#containerID,
      },
    };
  }

  /** What is said of a container that never ran, first while its pod ends, then when it has ended. */
  showAsNeverStarted(isOver: boolean): void {
    this.#state = isOver
      ? {
          terminated: {
            exitCode: 137,
            reason: "ContainerStatusUnknown",
            message: "The container could not be located when the pod was terminated",
            startedAt: null,
            finishedAt: null,
          },
        }
      : { waiting: { reason: "ContainerCreating" } };
  }

  #keepEnd(): void {
    if (this.#state.terminated !== undefined) this.#lastTerminated = this.#state.terminated;
  }

  #countStart(): void {
    if (this.#starts > 0) this.#restartCount += 1;
    this.#starts += 1;
  }
}
