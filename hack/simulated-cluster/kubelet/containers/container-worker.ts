// One container of a pod through its life: starts, probes, exits, restarts.
import type { Container, ContainerStatus, Pod, Probe } from "../../api-server/kinds.ts";
import type { LogOfContainer } from "../../api-server/log-of-container.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import type { Application, Exit } from "../application.ts";
import type { NodeFaults } from "../faults/node-faults.ts";
import type { Images } from "../images/images.ts";
import { ContainerLogs } from "../logs/container-logs.ts";
import type { RunningApplication } from "../network/pod-network.ts";
import { Prober } from "../probes/prober.ts";
import { Timers } from "../timing/timers.ts";
import { LOOKS_TWICE, RELIST_MS } from "../timing/timing.ts";
import { ApplicationLife } from "./application-life.ts";
import { type ContainerEnd, ContainerHistory } from "./container-history.ts";
import { ContainerStarter } from "./container-starter.ts";
import { type ProcessEnding, stopProcess } from "./process-ending.ts";
import { RestartBackOff } from "./restart-back-off.ts";
import { type ContainerRole, isRestartedAfter, isSidecar, type RestartPolicy } from "./restart-policy.ts";

/** What a container needs of its pod. */
export interface ContainerHost {
  readonly parts: ClusterParts;
  readonly images: Images;
  readonly faults: NodeFaults;
  /** The pod as the API shows it now. */
  pod(): Pod;
  /** "web-7d_shop(1234-…)": the pod in the kubelet's messages. */
  readonly podText: string;
  podIP(): string;
  readonly restartPolicy: RestartPolicy;
  /** What its containers are given to end when the pod says nothing else. */
  readonly graceMs: number;
  /** When the kubelet began to care for the pod (epoch ms). */
  beganAt(): number;
  /** The next time the kubelet looks at its containers (epoch ms). */
  nextRelistAt(): number;
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
  /** As clients reach it. */
  readonly reachable: RunningApplication;
}

export class ContainerWorker {
  readonly #role: ContainerRole;
  readonly #host: ContainerHost;
  readonly #history: ContainerHistory;
  readonly #timers: Timers;
  readonly #starter: ContainerStarter;
  readonly #backOff: RestartBackOff;
  readonly #logs = new ContainerLogs();
  #running: Running | undefined;
  #hasBegun = false;
  /** When it ended last, as the cluster's clock tells. */
  #endedAt: number | undefined;

  constructor(
    container: Container,
    { isInit, waitingReason }: { isInit: boolean; waitingReason: string },
    host: ContainerHost,
  ) {
    const { parts, images, faults, podText, record, restartPolicy } = host;
    const role: ContainerRole = { container, isInit, restartPolicy };
    const history = new ContainerHistory(role, waitingReason);
    const timers = new Timers(parts);
    const showWaiting = (reason: string, message: string): void => {
      history.wait(reason, message);
      host.publish();
    };
    this.#role = role;
    this.#host = host;
    this.#history = history;
    this.#timers = timers;
    this.#starter = new ContainerStarter({
      parts,
      images,
      faults,
      pod: () => host.pod(),
      role,
      history,
      timers,
      record,
      showWaiting,
      started: (application) => this.#run(application),
      failed: (exitCode) => this.#backOff.restart(exitCode),
    });
    this.#backOff = new RestartBackOff({
      random: parts.random,
      role,
      podText,
      history,
      timers,
      record,
      showWaiting,
      start: () => this.#starter.start(),
    });
  }

  get container(): Container {
    return this.#role.container;
  }

  get isInit(): boolean {
    return this.#role.isInit;
  }

  get isSidecar(): boolean {
    return isSidecar(this.#role);
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
    return this.#history.isCompleted;
  }

  /** Whether it ended and is not started again. */
  get isOver(): boolean {
    return this.#history.isOver;
  }

  /** Whether its turn to start has come. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  get hasEverStarted(): boolean {
    return this.#history.starts > 0;
  }

  get exitCode(): number | undefined {
    return this.#history.exitCode;
  }

  /** Its process, as clients reach it; undefined while none runs. */
  get reachable(): RunningApplication | undefined {
    return this.#running?.reachable;
  }

  status(): ContainerStatus {
    return this.#history.status({ isStarted: this.isStarted, isReady: this.isReady });
  }

  /** What the kubelet answers when it is asked for the container's log. */
  log(previous: boolean): LogOfContainer {
    const { name } = this.#host.pod().metadata;
    return this.#logs.read(name, this.status(), previous, this.#host.parts.time.now());
  }

  /** Gets the image and starts; failures are tried again until `stop`. */
  start(): void {
    this.#hasBegun = true;
    this.#starter.start();
  }

  /** The pod is told to end: said of every container that runs. */
  reportStopping(): void {
    if (this.#running === undefined) return;
    this.#host.record("Normal", "Killing", `Stopping container ${this.container.name}`);
    this.#running.prober.startEnding();
  }

  /** Ends it for good, in its turn and within the grace period. Calls back when it has ended. */
  terminate({ graceMs, awaitTurn }: Pick<ProcessEnding, "graceMs" | "awaitTurn">, ended: () => void): void {
    this.#timers.stop();
    const running = this.#running;
    if (running === undefined) {
      ended();
      return;
    }
    const { application } = running;
    const { parts } = this.#host;
    const after = (delayMs: number, callback: () => void): void => {
      parts.time.after(delayMs, callback);
    };
    stopProcess({ container: this.container, application, graceMs, awaitTurn, parts, after }, (exit) => {
      if (this.#running === running) this.#end({ ...exit, finishedAt: parts.time.timestamp() });
      ended();
    });
  }

  /** What is said of a container that never ran, first while its pod ends, then when it has ended. */
  showAsNeverStarted(isOver: boolean): void {
    this.#history.showAsNeverStarted(isOver);
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#timers.stop();
    this.#running?.prober.stop();
    this.#running = undefined;
  }

  #run(application: Application): void {
    const { parts, record } = this.#host;
    const { time } = parts;
    record("Normal", "Started", "Container started");
    const startedAt = time.now();
    this.#history.run(time.timestamp());
    const life = this.#live(application, startedAt);
    const firstRelistAt = this.#host.nextRelistAt();
    const prober = new Prober({
      time,
      startedAt,
      firstRelistAt,
      rechecksAt: parts.random.between(0, 1) < LOOKS_TWICE ? firstRelistAt + RELIST_MS : undefined,
      podBeganAt: this.#host.beganAt(),
      probed: () => ({
        container: this.container,
        application,
        podIP: this.#host.podIP(),
        runningMs: life.runningMs,
        isStandby: life.isStandby,
      }),
      steadyUntilMs: () => life.steadyUntilMs,
      unhealthy: (message) => record("Warning", "Unhealthy", message),
      changed: () => this.#host.changed(),
      kill: (kind, probe) => this.#killUnhealthy(kind, probe, application),
    });
    const reachable = {
      application,
      runningMs: () => life.runningMs,
      isStandby: () => life.isStandby,
      answered: 0,
    };
    this.#running = { startedAt, application, prober, reachable };
    this.#host.changed();
  }

  /** What the process does of its own accord; all of it ends with its timers. */
  #live(application: Application, startedAt: number): ApplicationLife {
    const { objects, time } = this.#host.parts;
    const { containerID = "" } = this.status();
    const { namespace = "", name } = this.#host.pod().metadata;
    this.#logs.begin(application, containerID);
    return new ApplicationLife({
      objects,
      time,
      namespace,
      identity: `${name}_${containerID}`,
      application,
      startedAt,
      after: (delayMs, callback) => this.#timers.after(delayMs, callback),
      began: () => {
        this.#logs.listen(time.now() + application.listensAfterMs);
        const { plannedExit } = application;
        if (plannedExit !== undefined) this.#timers.after(plannedExit.afterMs, () => this.#exit(plannedExit));
      },
    });
  }

  #killUnhealthy(kind: "startup" | "liveness", probe: Probe, application: Application): void {
    const { container } = this;
    const { parts, record } = this.#host;
    const { terminationGracePeriodSeconds: ownSeconds } = probe;
    const graceMs = ownSeconds === undefined ? this.#host.graceMs : ownSeconds * 1_000;
    const isRestarted = this.isSidecar || this.#role.restartPolicy !== "Never";
    const title = this.isSidecar ? "Init container" : "Container";
    const what = `${title} ${container.name} failed ${kind} probe`;
    record("Normal", "Killing", isRestarted && !this.isSidecar ? `${what}, will be restarted` : what);
    this.#timers.cancelAll();
    const after = (delayMs: number, callback: () => void): void => this.#timers.after(delayMs, callback);
    stopProcess({ container, application, graceMs, parts, after }, (exit) => this.#killed(exit));
  }

  /** The kubelet waits for the end of what it kills, and starts it anew before it tells of it. */
  #killed(exit: Exit): void {
    const { time } = this.#host.parts;
    const [previousEndAt, ranMs] = [this.#endedAt, time.now() - (this.#running?.startedAt ?? 0)];
    this.#end({ ...exit, finishedAt: time.timestamp() });
    this.#backOff.forgetAfter(ranMs);
    if (isRestartedAfter(exit.exitCode, this.#role)) {
      this.#backOff.restartKilled(exit.exitCode, previousEndAt && time.now() - previousEndAt);
    } else this.#host.publish();
  }

  /** The process ends now; the kubelet sees it at its next look. */
  #exit({ exitCode, reason, message }: Exit): void {
    const { time } = this.#host.parts;
    const finishedAt = time.timestamp();
    this.#timers.cancelAll();
    this.#logs.end(time.now(), message);
    const delayMs = this.#host.nextRelistAt() - time.now();
    this.#running?.prober.stop();
    this.#timers.after(delayMs, () => {
      const ranMs = time.now() - (this.#running?.startedAt ?? 0);
      this.#end({ exitCode, reason, message, finishedAt });
      this.#host.publish();
      this.#backOff.forgetAfter(ranMs);
      if (isRestartedAfter(exitCode, this.#role)) this.#backOff.restart(exitCode);
    });
  }

  #end(exit: ContainerEnd): void {
    this.#logs.end(this.#host.parts.time.now(), exit.message);
    this.#running?.prober.stop();
    this.#history.end(exit);
    this.#endedAt = this.#host.parts.time.now();
    this.#running = undefined;
  }
}
