// One pod on its node: from the first status to its removal.
import type { Pod } from "../../api-server/kinds.ts";
import type { LogOfContainer } from "../../api-server/log-of-container.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import type { EventRecorder } from "../../controllers/events/event-recorder.ts";
import { ContainerWorker } from "../containers/container-worker.ts";
import { endContainers } from "../containers/end-containers.ts";
import { containersInTurn } from "../containers/init-order.ts";
import type { NodeFaults } from "../faults/node-faults.ts";
import type { Refusal } from "../faults/refusal.ts";
import type { Images } from "../images/images.ts";
import type { RunningApplication } from "../network/pod-network.ts";
import { Timers } from "../timing/timers.ts";
import { draw, TIMING } from "../timing/timing.ts";
import { refusalOf, refusedStatus } from "./admission/admit.ts";
import { mountVolumes } from "./mount-volumes.ts";
import { evictionOf, type PodFailure, pastDeadline } from "./pod-failure.ts";
import { type NodeFacts, PodStatusPublisher } from "./pod-status-publisher.ts";
import { awaitAttachment } from "./volume-attachment.ts";

/** What a pod needs of its node. */
export interface PodHost {
  readonly parts: ClusterParts;
  readonly images: Images;
  readonly faults: NodeFaults;
  readonly recorder: EventRecorder;
  readonly hostIP: string;
  /** What the runtime answers now instead of making a sandbox. */
  sandboxError(): string | undefined;
  /** Whether the kubelet reaches the API server. */
  isConnected(): boolean;
  /** The next time that the kubelet looks at its containers (epoch ms). */
  nextRelistAt(): number;
  takeAddress(): string;
}

/** What is said of containers that were not made yet. */
const NOT_BEGUN = ["ContainerCreating", "PodInitializing"] as const;

export class PodWorker {
  readonly #host: PodHost;
  readonly #pod: Pod;
  readonly #workers: readonly ContainerWorker[];
  readonly #initWorkers: readonly ContainerWorker[];
  readonly #timers: Timers;
  readonly #publisher: PodStatusPublisher;
  #podIP: string | undefined;
  #startTime = "";
  #beganAt = 0;
  #hasSandbox = false;
  #isIPKnown = false;
  /** Its containers are being ended, for whatever reason. */
  #isEnding = false;
  #isOver = false;
  #isToRemove = false;
  /** The kubelet did not take it. */
  #isRefused = false;
  #failure: PodFailure | undefined;

  constructor(pod: Pod, host: PodHost) {
    this.#pod = pod;
    this.#host = host;
    this.#timers = new Timers(host.parts);
    this.#publisher = new PodStatusPublisher({
      parts: host.parts,
      pod,
      timers: this.#timers,
      isConnected: () => host.isConnected(),
      facts: () => this.#facts(),
    });
    const init = pod.spec.initContainers ?? [];
    const waitingReason = init.length > 0 ? "PodInitializing" : "ContainerCreating";
    this.#initWorkers = init.map((container) => this.#worker(container, true, "PodInitializing"));
    this.#workers = pod.spec.containers.map((container) => this.#worker(container, false, waitingReason));
  }

  /** Begins: admission, status, volumes, sandbox, containers. */
  start(): void {
    const refusal = refusalOf(this.#pod, this.#host.faults);
    if (refusal === undefined) this.#timers.within(TIMING.firstStatus, () => this.#begin());
    else this.#timers.within(TIMING.refusal, () => this.#refuse(refusal));
  }

  #begin(): void {
    const { parts } = this.#host;
    this.#beganAt = parts.time.now();
    this.#startTime = parts.time.timestamp();
    this.publish();
    this.#mountVolumes();
    const { activeDeadlineSeconds } = this.#pod.spec;
    if (activeDeadlineSeconds !== undefined) {
      this.#timers.after(activeDeadlineSeconds * 1_000, () => this.#fail(pastDeadline(), this.#graceMs()));
    }
  }

  /** The pod is Failed before anything of it was made. */
  #refuse({ reason, message }: Refusal): void {
    const pod = this.#publisher.current();
    if (pod === undefined || this.#isEnding) return;
    this.#isOver = true;
    this.#isRefused = true;
    this.#host.recorder.record(this.#pod, "Warning", reason, message);
    const { objects, time } = this.#host.parts;
    const status = refusedStatus(pod, { reason, message }, time.timestamp());
    objects.updateStatus("pods", { ...pod, status });
  }

  /** The pod is to end: stop the containers, tell, then remove the object. */
  terminate(graceSeconds: number): void {
    if (this.#isToRemove) return;
    this.#isToRemove = true;
    if (this.#isOver) this.#removeSoon();
    else if (!this.#isEnding) {
      this.#isEnding = true;
      this.#timers.within(TIMING.killing, () => this.#end(graceSeconds * 1_000));
    }
  }

  /** Ends the containers quickly and leaves the pod behind as Failed, as under memory pressure. */
  evict(resource: string): void {
    // The grace period of a hard eviction is a second.
    this.#fail(evictionOf(this.#pod, resource), 1_000);
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#timers.stop();
    for (const worker of this.#all()) worker.stop();
  }

  /** What the container has written; undefined when the pod has no such container. */
  log(container: string, previous: boolean): LogOfContainer | undefined {
    return this.#all()
      .find((worker) => worker.container.name === container)
      ?.log(previous);
  }

  /** What runs in it, if the address is its own. */
  applicationsAt(address: string): readonly RunningApplication[] | undefined {
    if (this.#podIP !== address || this.#isOver) return undefined;
    return this.#all().flatMap(({ reachable }) => reachable ?? []);
  }

  /** Writes the status as it is now, if the API does not show it already. */
  publish(): void {
    if (!this.#isRefused) this.#publisher.publish();
  }

  /** As `publish`, after the usual delay. */
  publishSoon(): void {
    if (!this.#isRefused) this.#publisher.publishSoon();
  }

  #facts(): NodeFacts {
    // The address shows as soon as a container is past its creation, and for good.
    this.#isIPKnown ||= this.#all().some((worker) => {
      const { waiting } = worker.status().state;
      return this.#hasSandbox && !NOT_BEGUN.some((reason) => reason === waiting?.reason);
    });
    return {
      workers: this.#workers,
      initWorkers: this.#initWorkers,
      hasSandbox: this.#hasSandbox,
      isOver: this.#isOver,
      podIP: this.#isIPKnown ? this.#podIP : undefined,
      hostIP: this.#host.hostIP,
      startTime: this.#startTime,
      failure: this.#failure,
    };
  }

  #mountVolumes(): void {
    const parts = {
      objects: this.#host.parts.objects,
      faults: this.#host.faults,
      timers: this.#timers,
      isWanted: () => !this.#isEnding,
      warn: (reason: string, message: string) =>
        this.#host.recorder.record(this.#pod, "Warning", reason, message),
    };
    const mounted = (): void => this.#timers.within(TIMING.sandbox, () => this.#makeSandbox());
    awaitAttachment(this.#pod, parts, () => mountVolumes(this.#pod, parts, mounted));
  }

  #makeSandbox(): void {
    if (this.#isEnding) return;
    const error = this.#host.sandboxError();
    if (error !== undefined) {
      const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = ${error}`;
      this.#host.recorder.record(this.#pod, "Warning", "FailedCreatePodSandBox", message);
      this.#timers.within(TIMING.sync, () => this.#makeSandbox());
      return;
    }
    this.#hasSandbox = true;
    this.#podIP = this.#host.takeAddress();
    this.publish();
    this.#goOn();
  }

  /** Starts the containers whose turn has come; ends the sidecars when there is nothing left to help. */
  #goOn(): void {
    if (this.#isEnding) return;
    for (const worker of containersInTurn(this.#initWorkers, this.#workers)) {
      // Asked anew each time: a container that fails at once comes back here in the middle of the loop.
      if (!worker.hasBegun) worker.start();
    }
    const isDone = this.#workers.every((worker) => worker.isOver);
    if (!isDone || !this.#initWorkers.some((worker) => worker.isRunning)) return;
    this.#isEnding = true;
    this.#end(this.#graceMs());
  }

  /** The kubelet gives the pod up: it stays behind as Failed. */
  #fail(failure: PodFailure, graceMs: number): void {
    if (this.#isEnding || this.#isOver) return;
    this.#isEnding = true;
    this.#failure = failure;
    const { type, reason, message } = failure.event;
    this.#host.recorder.record(this.#pod, type, reason, message);
    this.#end(graceMs);
  }

  #end(graceMs: number): void {
    if (this.#publisher.current() === undefined) return;
    const parts = {
      workers: this.#all(),
      timers: this.#timers,
      publish: () => this.publish(),
      dropSandbox: () => {
        this.#hasSandbox = false;
      },
    };
    endContainers(parts, graceMs, () => this.#finish());
  }

  #finish(): void {
    this.#isOver = true;
    this.publish();
    if (this.#isToRemove) this.#removeSoon();
  }

  #removeSoon(): void {
    const hasRun = this.#all().some((worker) => worker.hasEverStarted);
    this.#timers.within(hasRun ? TIMING.removal : TIMING.removalUnstarted, () => this.#remove());
  }

  /** The object goes when the kubelet can tell the API server so. */
  #remove(): void {
    const pod = this.#publisher.current();
    if (pod === undefined) return;
    if (!this.#host.isConnected()) {
      this.#timers.after(1_000, () => this.#remove());
      return;
    }
    const { objects } = this.#host.parts;
    objects.finishDeletion("pods", pod);
  }

  #graceMs(): number {
    return (this.#pod.spec.terminationGracePeriodSeconds ?? 30) * 1_000;
  }

  #worker(
    container: Pod["spec"]["containers"][number],
    isInit: boolean,
    waitingReason: string,
  ): ContainerWorker {
    const { metadata, spec } = this.#pod;
    const { namespace = "", name, uid } = metadata;
    const fieldPath = `${isInit ? "spec.initContainers" : "spec.containers"}{${container.name}}`;
    return new ContainerWorker(
      container,
      { isInit, waitingReason },
      {
        parts: this.#host.parts,
        images: this.#host.images,
        faults: this.#host.faults,
        pod: () => this.#publisher.current() ?? this.#pod,
        podText: `${name}_${namespace}(${uid})`,
        podIP: () => this.#podIP ?? "",
        restartPolicy: spec.restartPolicy ?? "Always",
        graceMs: this.#graceMs(),
        beganAt: () => this.#beganAt,
        nextRelistAt: () => this.#host.nextRelistAt() + draw(this.#host.parts.random, TIMING.relistTakes),
        record: (type, reason, message) =>
          this.#host.recorder.record(this.#pod, type, reason, message, { fieldPath }),
        changed: () => {
          this.publishSoon();
          this.#goOn();
        },
        publish: () => {
          this.publish();
          this.#goOn();
        },
      },
    );
  }

  #all(): readonly ContainerWorker[] {
    return [...this.#initWorkers, ...this.#workers];
  }
}
