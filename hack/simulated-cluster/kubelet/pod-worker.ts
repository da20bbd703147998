// One pod on its node: from the first status to its removal.
import type { Pod } from "../api-server/kinds.ts";
import { isSameJson } from "../api-server/kube-object.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import type { EventRecorder } from "../controllers/event-recorder.ts";
import { ContainerWorker } from "./container-worker.ts";
import type { Images } from "./images.ts";
import { computePodStatus } from "./pod-status.ts";
import { TIMING } from "./timing.ts";
import { missingVolume } from "./volumes.ts";

/** What a pod needs of its node. */
export interface PodHost {
  readonly parts: ClusterParts;
  readonly images: Images;
  readonly recorder: EventRecorder;
  readonly hostIP: string;
  /** Whether the kubelet reaches the API server. */
  isConnected(): boolean;
  nextLookAt(): number;
  takeAddress(): string;
}

const FIRST_MOUNT_RETRY_MS = 500;
const LAST_MOUNT_RETRY_MS = 122_000;

export class PodWorker {
  readonly #host: PodHost;
  readonly #pod: Pod;
  readonly #workers: readonly ContainerWorker[];
  readonly #initWorkers: readonly ContainerWorker[];
  #podIP: string | undefined;
  #startTime = "";
  #hasSandbox = false;
  #isIPKnown = false;
  #isTerminating = false;
  #isOver = false;
  #isStopped = false;
  #isPublishing = false;
  #eviction: { reason: string; message: string } | undefined;

  constructor(pod: Pod, host: PodHost) {
    this.#pod = pod;
    this.#host = host;
    const init = pod.spec.initContainers ?? [];
    const waitingReason = init.length > 0 ? "PodInitializing" : "ContainerCreating";
    this.#initWorkers = init.map((container) => this.#worker(container, true, "PodInitializing"));
    this.#workers = pod.spec.containers.map((container) => this.#worker(container, false, waitingReason));
  }

  get uid(): string {
    return this.#pod.metadata.uid;
  }

  /** Begins: status, volumes, sandbox, containers. */
  start(): void {
    this.#soon(TIMING.firstStatus, () => {
      this.#startTime = this.#host.parts.time.timestamp();
      this.publish();
      this.#mountVolumes(FIRST_MOUNT_RETRY_MS);
    });
  }

  /** The pod is to end: stop the containers, tell, then remove the object. */
  terminate(graceSeconds: number): void {
    if (this.#isTerminating) return;
    this.#isTerminating = true;
    const { recorder } = this.#host;
    this.#soon(TIMING.killing, () => {
      const pod = this.#current();
      if (pod === undefined) return;
      for (const worker of this.#all()) {
        if (!worker.isRunning) continue;
        const { name } = worker.container;
        recorder.record(pod, "Normal", "Killing", `Stopping container ${name}`, fieldPath(worker));
        worker.probeNow();
      }
      const hasNeverRun = this.#all().every((worker) => !worker.hasEverStarted);
      if (hasNeverRun) {
        this.#endWithoutContainers();
        return;
      }
      this.publish();
      this.#stopContainers(graceSeconds * 1_000);
    });
  }

  /** Ends the containers at once and leaves the pod behind as Failed, as under memory pressure. */
  evict(resource: string): void {
    const message = `The node was low on resource: ${resource}. `;
    this.#eviction = { reason: "Evicted", message };
    this.#host.recorder.record(this.#pod, "Warning", "Evicted", message);
    for (const worker of this.#all()) worker.stop();
    this.#isOver = true;
    this.publish();
  }

  /** Nothing happens any more. */
  stop(): void {
    this.#isStopped = true;
    for (const worker of this.#all()) worker.stop();
  }

  /** Writes the status as it is now, if the API does not show it already. */
  publish(): void {
    const pod = this.#current();
    if (pod === undefined || this.#isStopped || !this.#host.isConnected()) return;
    this.#isIPKnown ||= this.#all().some(
      (worker) => worker.status().state.waiting?.reason !== "ContainerCreating" && this.#hasSandbox,
    );
    const status = computePodStatus(pod, {
      workers: this.#workers,
      initWorkers: this.#initWorkers,
      hasSandbox: this.#hasSandbox,
      isOver: this.#isOver,
      podIP: this.#isIPKnown ? this.#podIP : undefined,
      hostIP: this.#host.hostIP,
      startTime: this.#startTime,
      observedGeneration: pod.metadata.generation,
      now: this.#host.parts.time.timestamp(),
      eviction: this.#eviction,
    });
    if (!isSameJson(status, pod.status)) this.#host.parts.objects.updateStatus("pods", { ...pod, status });
  }

  /** As `publish`, after the usual delay. */
  publishSoon(): void {
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    this.#soon(TIMING.status, () => {
      this.#isPublishing = false;
      this.publish();
    });
  }

  #mountVolumes(retryMs: number): void {
    if (this.#isTerminating) return;
    const { objects } = this.#host.parts;
    const problem = missingVolume(objects, this.#pod);
    if (problem !== undefined) {
      const message = `MountVolume.SetUp failed for volume "${problem.volume}" : ${problem.why}`;
      this.#host.recorder.record(this.#pod, "Warning", "FailedMount", message);
      const next = Math.min(retryMs * 2, LAST_MOUNT_RETRY_MS);
      this.#after(retryMs, () => this.#mountVolumes(next));
      return;
    }
    this.#soon(TIMING.sandbox, () => {
      if (this.#isTerminating) return;
      this.#hasSandbox = true;
      this.#podIP = this.#host.takeAddress();
      this.publishSoon();
      this.#startNext();
    });
  }

  /** Starts init containers one after another, sidecars along the way, then all others. */
  #startNext(): void {
    if (this.#isTerminating) return;
    for (const worker of this.#initWorkers) {
      const isDone = worker.isSidecar ? worker.isStarted : worker.isCompleted;
      if (isDone) continue;
      if (!this.#begun.has(worker)) {
        this.#begun.add(worker);
        worker.start();
      }
      return;
    }
    for (const worker of this.#workers) {
      if (this.#begun.has(worker)) continue;
      this.#begun.add(worker);
      worker.start();
    }
  }

  readonly #begun = new Set<ContainerWorker>();

  #stopContainers(graceMs: number): void {
    let left = this.#all().length;
    const ended = (): void => {
      left -= 1;
      if (left === 0) this.#soon(TIMING.statusOfTerminated, () => this.#finish());
    };
    for (const worker of this.#all()) worker.terminate(graceMs, ended);
  }

  /** A pod whose containers never ran is told to be over in two steps. */
  #endWithoutContainers(): void {
    for (const worker of this.#all()) {
      worker.stop();
      worker.showAsNeverStarted(false);
    }
    this.publish();
    this.#hasSandbox = false;
    this.#soon(TIMING.sigtermExit, () => this.publish());
    this.#soon(TIMING.unknownContainers, () => {
      for (const worker of this.#all()) worker.showAsNeverStarted(true);
      this.#finish();
    });
  }

  #finish(): void {
    this.#isOver = true;
    this.publish();
    this.#soon(TIMING.removal, () => this.#remove());
  }

  /** The object goes when the kubelet can tell the API server so. */
  #remove(): void {
    const pod = this.#current();
    if (pod === undefined) return;
    if (!this.#host.isConnected()) {
      this.#after(1_000, () => this.#remove());
      return;
    }
    const { objects } = this.#host.parts;
    objects.registry.finishDeletion(objects.resources.named("pods"), pod);
  }

  #worker(
    container: Pod["spec"]["containers"][number],
    isInit: boolean,
    waitingReason: string,
  ): ContainerWorker {
    const { metadata, spec } = this.#pod;
    const { namespace = "", name, uid } = metadata;
    const worker: ContainerWorker = new ContainerWorker(
      container,
      { isInit, waitingReason },
      {
        parts: this.#host.parts,
        images: this.#host.images,
        namespace,
        podText: `${name}_${namespace}(${uid})`,
        podIP: () => this.#podIP ?? "",
        restartPolicy: spec.restartPolicy ?? "Always",
        nextLookAt: () => this.#host.nextLookAt(),
        record: (type, reason, message) =>
          this.#host.recorder.record(this.#pod, type, reason, message, fieldPath(worker)),
        changed: () => {
          this.publishSoon();
          this.#startNext();
        },
        publish: () => {
          this.publish();
          this.#startNext();
        },
      },
    );
    return worker;
  }

  #all(): readonly ContainerWorker[] {
    return [...this.#initWorkers, ...this.#workers];
  }

  /** The pod as the API has it, if it is still this one. */
  #current(): Pod | undefined {
    const { namespace = "", name, uid } = this.#pod.metadata;
    const pod = this.#host.parts.objects.get("pods", namespace, name);
    return pod?.metadata.uid === uid ? pod : undefined;
  }

  #soon(range: readonly [number, number], callback: () => void): void {
    this.#after(this.#host.parts.random.between(...range), callback);
  }

  #after(delayMs: number, callback: () => void): void {
    this.#host.parts.time.after(delayMs, () => {
      if (!this.#isStopped) callback();
    });
  }
}

function fieldPath(worker: ContainerWorker): { fieldPath: string } {
  const list = worker.isInit ? "spec.initContainers" : "spec.containers";
  return { fieldPath: `${list}{${worker.container.name}}` };
}
