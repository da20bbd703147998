// One pod on its node: from the first status to its removal.
import type { Pod } from "../api-server/kinds.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import type { EventRecorder } from "../controllers/event-recorder.ts";
import { ContainerWorker } from "./container-worker.ts";
import { endContainers } from "./end-containers.ts";
import type { Images } from "./images.ts";
import { containersInTurn } from "./init-order.ts";
import { mountVolumes } from "./mount-volumes.ts";
import { type NodeFacts, PodStatusPublisher } from "./pod-status-publisher.ts";
import { Timers } from "./timers.ts";
import { TIMING } from "./timing.ts";

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

export class PodWorker {
  readonly #host: PodHost;
  readonly #pod: Pod;
  readonly #workers: readonly ContainerWorker[];
  readonly #initWorkers: readonly ContainerWorker[];
  readonly #begun = new Set<ContainerWorker>();
  readonly #timers: Timers;
  readonly #publisher: PodStatusPublisher;
  #podIP: string | undefined;
  #startTime = "";
  #hasSandbox = false;
  #isIPKnown = false;
  #isTerminating = false;
  #isOver = false;
  #eviction: NodeFacts["eviction"];

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

  get uid(): string {
    return this.#pod.metadata.uid;
  }

  /** Begins: status, volumes, sandbox, containers. */
  start(): void {
    this.#timers.within(TIMING.firstStatus, () => {
      this.#startTime = this.#host.parts.time.timestamp();
      this.publish();
      this.#mountVolumes();
    });
  }

  /** The pod is to end: stop the containers, tell, then remove the object. */
  terminate(graceSeconds: number): void {
    if (this.#isTerminating) return;
    this.#isTerminating = true;
    const { recorder } = this.#host;
    this.#timers.within(TIMING.killing, () => {
      const pod = this.#publisher.current();
      if (pod === undefined) return;
      for (const worker of this.#all()) {
        if (!worker.isRunning) continue;
        const { name } = worker.container;
        recorder.record(pod, "Normal", "Killing", `Stopping container ${name}`, fieldPath(worker));
        worker.probeNow();
      }
      const parts = {
        workers: this.#all(),
        timers: this.#timers,
        publish: () => this.publish(),
        dropSandbox: () => {
          this.#hasSandbox = false;
        },
      };
      endContainers(parts, graceSeconds * 1_000, () => this.#finish());
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
    this.#timers.stop();
    for (const worker of this.#all()) worker.stop();
  }

  /** Writes the status as it is now, if the API does not show it already. */
  publish(): void {
    this.#publisher.publish();
  }

  /** As `publish`, after the usual delay. */
  publishSoon(): void {
    this.#publisher.publishSoon();
  }

  #facts(): NodeFacts {
    // The address shows as soon as a container is past its creation, and for good.
    this.#isIPKnown ||= this.#all().some(
      (worker) => worker.status().state.waiting?.reason !== "ContainerCreating" && this.#hasSandbox,
    );
    return {
      workers: this.#workers,
      initWorkers: this.#initWorkers,
      hasSandbox: this.#hasSandbox,
      isOver: this.#isOver,
      podIP: this.#isIPKnown ? this.#podIP : undefined,
      hostIP: this.#host.hostIP,
      startTime: this.#startTime,
      eviction: this.#eviction,
    };
  }

  #mountVolumes(): void {
    const parts = {
      objects: this.#host.parts.objects,
      timers: this.#timers,
      isWanted: () => !this.#isTerminating,
      warn: (reason: string, message: string) =>
        this.#host.recorder.record(this.#pod, "Warning", reason, message),
    };
    mountVolumes(this.#pod, parts, () => this.#timers.within(TIMING.sandbox, () => this.#makeSandbox()));
  }

  #makeSandbox(): void {
    if (this.#isTerminating) return;
    this.#hasSandbox = true;
    this.#podIP = this.#host.takeAddress();
    this.publishSoon();
    this.#startNext();
  }

  #startNext(): void {
    if (this.#isTerminating) return;
    for (const worker of containersInTurn(this.#initWorkers, this.#workers)) {
      // Asked anew each time: a container that fails at once comes back here in the middle of the loop.
      if (this.#begun.has(worker)) continue;
      this.#begun.add(worker);
      worker.start();
    }
  }

  #finish(): void {
    this.#isOver = true;
    this.publish();
    this.#timers.within(TIMING.removal, () => this.#remove());
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
}

function fieldPath(worker: ContainerWorker): { fieldPath: string } {
  const list = worker.isInit ? "spec.initContainers" : "spec.containers";
  return { fieldPath: `${list}{${worker.container.name}}` };
}
