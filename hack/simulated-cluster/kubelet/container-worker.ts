// One container of a pod through its life: image, creation, start, probes, exits, restarts with back-off.
import type { Container, ContainerState, ContainerStatus, Terminated } from "../api-server/kinds.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import { type Application, applicationOf, type PlannedExit } from "./application.ts";
import { containerEnvironment } from "./container-environment.ts";
import { ImagePuller } from "./image-puller.ts";
import { fullImageName, type Images } from "./images.ts";
import { Prober } from "./prober.ts";
import { nextBackOff, RESTART_BACK_OFF, TIMING } from "./timing.ts";

/** What a container needs of its pod. */
export interface ContainerHost {
  readonly parts: ClusterParts;
  readonly images: Images;
  readonly namespace: string;
  /** "web-7d_shop(1234-…)": the pod in the kubelet's messages. */
  readonly podText: string;
  podIP(): string;
  readonly restartPolicy: "Always" | "OnFailure" | "Never";
  /** The next time the kubelet looks at its containers (epoch ms). */
  nextLookAt(): number;
  readonly record: (type: "Normal" | "Warning", reason: string, message: string) => void;
  /** The status changed and goes to the API after the usual delay. */
  changed(): void;
  /** As `changed`, but at once. */
  publish(): void;
}

interface Running {
  readonly startedAt: number;
  readonly application: Application;
  readonly prober: Prober;
}

export class ContainerWorker {
  readonly container: Container;
  readonly isInit: boolean;
  readonly #host: ContainerHost;
  readonly #imagePuller: ImagePuller;
  readonly #cancels = new Set<() => void>();
  #state: ContainerState = {};
  #lastTerminated: Terminated | undefined;
  #running: Running | undefined;
  #restartCount = 0;
  #starts = 0;
  #containerID: string | undefined;
  #backOffMs = 0;
  #isStopped = false;

  constructor(
    container: Container,
    options: { isInit: boolean; waitingReason: string },
    host: ContainerHost,
  ) {
    this.container = container;
    this.isInit = options.isInit;
    this.#host = host;
    this.#state = { waiting: { reason: options.waitingReason } };
    this.#imagePuller = new ImagePuller(container, {
      parts: host.parts,
      images: host.images,
      record: host.record,
      showWaiting: (reason, message) => this.#showWaiting(reason, message),
      after: (delayMs, callback) => this.#after(delayMs, callback),
    });
  }

  get isSidecar(): boolean {
    return this.isInit && this.container.restartPolicy === "Always";
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get isStarted(): boolean {
    return this.#running?.prober.isStarted === true;
  }

  get isReady(): boolean {
    return this.#running?.prober.isReady === true;
  }

  /** Whether it ended well and is not started again. */
  get isCompleted(): boolean {
    return this.#state.terminated?.exitCode === 0 && !this.#restartsAfter(0);
  }

  /** Whether it ended and is not started again. */
  get isOver(): boolean {
    const { terminated } = this.#state;
    return terminated !== undefined && !this.#restartsAfter(terminated.exitCode);
  }

  get hasEverStarted(): boolean {
    return this.#starts > 0;
  }

  get exitCode(): number | undefined {
    return this.#state.terminated?.exitCode;
  }

  status(): ContainerStatus {
    const { name, image } = this.container;
    const lastTerminated = this.#lastTerminated;
    return {
      name,
      state: this.#state,
      lastState: lastTerminated === undefined ? {} : { terminated: lastTerminated },
      ready: this.isInit && !this.isSidecar ? this.isCompleted : this.isReady,
      restartCount: this.#restartCount,
      image: this.hasEverStarted ? fullImageName(image) : image,
      imageID: this.hasEverStarted ? `sha256:${digest(image)}` : "",
      ...(this.#containerID && { containerID: this.#containerID }),
      started: this.isStarted,
    };
  }

  /** Gets the image and starts; failures are tried again until `stop`. */
  start(): void {
    this.#getImage();
  }

  /** A termination of the pod: SIGTERM now, SIGKILL at the end of the grace period. Calls back when it is over. */
  terminate(graceMs: number, ended: () => void): void {
    this.#cancelAll();
    const running = this.#running;
    this.#isStopped = true;
    if (running === undefined) {
      ended();
      return;
    }
    const { application } = running;
    const { random } = this.#host.parts;
    const afterMs = application.ignoresTerm
      ? graceMs
      : Math.min(graceMs, random.between(...TIMING.sigtermExit));
    this.#host.parts.time.after(afterMs, () => {
      if (this.#running !== running) return ended();
      const exitCode = application.ignoresTerm ? 137 : application.termExitCode;
      this.#setTerminated(exitCode, exitCode === 0 ? "Completed" : "Error", undefined);
      ended();
    });
  }

  /** One readiness attempt outside of the period. */
  probeNow(): void {
    this.#running?.prober.tryReadinessNow();
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

  /** Nothing happens any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelAll();
    this.#running?.prober.stop();
    this.#running = undefined;
  }

  #restartsAfter(exitCode: number): boolean {
    if (this.isSidecar) return true;
    const { restartPolicy } = this.#host;
    if (restartPolicy === "Never") return false;
    const isRetried = this.isInit || restartPolicy === "OnFailure";
    return isRetried ? exitCode !== 0 : true;
  }

  #getImage(): void {
    this.#imagePuller.get(() => this.#create());
  }

  #create(): void {
    const { parts, namespace, images, record } = this.#host;
    const resolved = containerEnvironment(
      parts.objects,
      namespace,
      this.container,
      images.envOf(this.container.image),
    );
    if ("problem" in resolved) {
      this.#failToConfigure(resolved.problem);
      return;
    }
    const application = applicationOf(resolved.env, {
      starts: this.#starts,
      isInit: this.isInit && !this.isSidecar,
    });
    this.#soon(TIMING.containerCreated, () => {
      record("Normal", "Created", "Container created");
      this.#containerID = `containerd://${parts.random.hex(64)}`;
      if (application.isCommandMissing) return this.#failToStart();
      this.#soon(TIMING.containerStarted, () => this.#run(application));
    });
  }

  /** As with images, the status shows the problem at the second look. */
  #failToConfigure(message: string): void {
    const reason = "CreateContainerConfigError";
    this.#host.record("Warning", "Failed", `Error: ${message}`);
    const isShown = this.#state.waiting?.reason === reason;
    this.#soon(isShown ? TIMING.sync : TIMING.configErrorStatus, () => {
      this.#showWaiting(reason, message);
      this.#getImage();
    });
  }

  #failToStart(): void {
    const { parts, record } = this.#host;
    const message =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: " +
      'unable to start container process: error during container init: exec: "/app": stat /app: no such file or directory';
    record("Warning", "Failed", `Error: ${message}`);
    const at = parts.time.timestamp();
    this.#lastTerminated = { exitCode: 128, reason: "StartError", message, startedAt: at, finishedAt: at };
    if (this.#starts > 0) this.#restartCount += 1;
    this.#starts += 1;
    this.#showWaiting("RunContainerError", message);
    this.#soon(TIMING.secondSync, () => this.#restart(128));
  }

  #run(application: Application): void {
    const { parts, record } = this.#host;
    const { time } = parts;
    record("Normal", "Started", "Container started");
    if (this.#state.terminated !== undefined) this.#lastTerminated = this.#state.terminated;
    if (this.#starts > 0) this.#restartCount += 1;
    this.#starts += 1;
    const startedAt = time.now();
    this.#state = { running: { startedAt: time.timestamp() } };
    const prober = new Prober({
      time,
      startedAt,
      firstLookAt: this.#host.nextLookAt(),
      probed: () => ({
        container: this.container,
        application,
        podIP: this.#host.podIP(),
        runningMs: time.now() - startedAt,
      }),
      unhealthy: (message) => record("Warning", "Unhealthy", message),
      changed: () => this.#host.changed(),
      kill: (kind) => this.#killUnhealthy(kind),
    });
    this.#running = { startedAt, application, prober };
    const { plannedExit } = application;
    if (plannedExit !== undefined) this.#after(plannedExit.afterMs, () => this.#exit(plannedExit));
    this.#host.changed();
  }

  #killUnhealthy(kind: "startup" | "liveness"): void {
    const { name } = this.container;
    this.#host.record("Normal", "Killing", `Container ${name} failed ${kind} probe, will be restarted`);
    const { application } = this.#running ?? {};
    this.#cancelAll();
    this.#soon(TIMING.sigtermExit, () => {
      const exitCode = application?.ignoresTerm ? 137 : (application?.termExitCode ?? 2);
      this.#exit({ afterMs: 0, exitCode, reason: exitCode === 0 ? "Completed" : "Error" });
    });
  }

  /** The process ends now; the kubelet sees it at its next look. */
  #exit({ exitCode, reason, message }: PlannedExit): void {
    const { time } = this.#host.parts;
    const finishedAt = time.timestamp();
    const delayMs = this.#host.nextLookAt() - time.now();
    this.#running?.prober.stop();
    this.#after(delayMs, () => {
      const ranMs = time.now() - (this.#running?.startedAt ?? 0);
      this.#setTerminated(exitCode, reason, message, finishedAt);
      this.#host.publish();
      if (ranMs >= RESTART_BACK_OFF.resetAfterMs) this.#backOffMs = 0;
      if (this.#restartsAfter(exitCode)) this.#restart(exitCode);
    });
  }

  #restart(exitCode: number): void {
    const { name } = this.container;
    const { record, podText } = this.#host;
    const waitMs = this.#backOffMs;
    this.#backOffMs = nextBackOff(waitMs, RESTART_BACK_OFF);
    if (waitMs === 0) {
      this.#getImage();
      return;
    }
    if (exitCode !== 0 || this.isSidecar || this.#host.restartPolicy === "Always") {
      record("Warning", "BackOff", `Back-off restarting failed container ${name} in pod ${podText}`);
    }
    const text = `back-off ${backOffText(waitMs)} restarting failed container=${name} pod=${podText}`;
    // A container that ran shows its end until it is tried again; one that never started has none to show.
    if (this.#state.terminated === undefined) this.#showWaiting("CrashLoopBackOff", text);
    this.#after(waitMs * this.#host.parts.random.between(...TIMING.backOffFactor), () => {
      this.#showWaiting("CrashLoopBackOff", text);
      this.#getImage();
    });
  }

  #setTerminated(exitCode: number, reason: string, message: string | undefined, finishedAt?: string): void {
    const { time } = this.#host.parts;
    this.#running?.prober.stop();
    this.#state = {
      terminated: {
        exitCode,
        reason,
        ...(message && { message }),
        startedAt: this.#state.running?.startedAt ?? null,
        finishedAt: finishedAt ?? time.timestamp(),
        containerID: this.#containerID,
      },
    };
    this.#running = undefined;
  }

  #showWaiting(reason: string, message: string): void {
    if (this.#state.terminated !== undefined) this.#lastTerminated = this.#state.terminated;
    this.#state = { waiting: { reason, message } };
    this.#host.publish();
  }

  #soon(range: readonly [number, number], callback: () => void): void {
    this.#after(this.#host.parts.random.between(...range), callback);
  }

  #after(delayMs: number, callback: () => void): void {
    const cancel = this.#host.parts.time.after(delayMs, () => {
      this.#cancels.delete(cancel);
      if (!this.#isStopped) callback();
    });
    this.#cancels.add(cancel);
  }

  #cancelAll(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }
}

/** As Go writes a duration: 10s, 1m20s, 5m0s. */
function backOffText(durationMs: number): string {
  const seconds = durationMs / 1_000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** A stable digest for an image name. */
function digest(image: string): string {
  let text = "";
  for (let i = 0; text.length < 64; i++) {
    let hash = i + 1;
    for (let k = 0; k < image.length; k++) hash = (Math.imul(hash, 31) + image.charCodeAt(k)) >>> 0;
    text += hash.toString(16).padStart(8, "0");
  }
  return text.slice(0, 64);
}
