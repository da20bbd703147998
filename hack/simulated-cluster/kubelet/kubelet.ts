// The kubelet of one node: a worker for each pod that is bound to the node.
import type { Pod } from "../api-server/kinds.ts";
import type { KubeObject } from "../api-server/kube-object.ts";
import type { LogOfContainer } from "../api-server/log-of-container.ts";
import type { ClusterParts } from "../cluster-parts.ts";
import { createEventRecorder } from "../controllers/events/event-recorder.ts";
import { type HeldEvents, holdEvents } from "../controllers/events/held-events.ts";
import type { NodeFaults } from "./faults/node-faults.ts";
import type { Images } from "./images/images.ts";
import type { RunningApplication } from "./network/pod-network.ts";
import { type PodHost, PodWorker } from "./pods/pod-worker.ts";
import { RELIST_MS } from "./timing/timing.ts";

export class Kubelet {
  readonly nodeName: string;
  readonly hostIP: string;
  /** What the runtime answers instead of making a sandbox; ID stands for the sandbox. Undefined: it makes them. */
  sandboxError: string | undefined;
  readonly #workers = new Map<string, PodWorker>();
  readonly #host: PodHost;
  readonly #events: HeldEvents;
  #unsubscribe = (): void => {};
  #addresses = 1;
  #isConnected = true;

  constructor(
    node: { name: string; index: number; hostIP: string },
    parts: ClusterParts,
    images: Images,
    faults: NodeFaults,
  ) {
    this.nodeName = node.name;
    this.hostIP = node.hostIP;
    const { time, random } = parts;
    const relistPhase = random.between(0, RELIST_MS);
    const recorder = createEventRecorder(parts, { component: "kubelet", host: node.name });
    this.#events = holdEvents(recorder, () => !this.#isConnected);
    this.#host = {
      parts,
      images,
      faults,
      recorder: this.#events,
      hostIP: node.hostIP,
      sandboxError: () => this.sandboxError?.replaceAll("ID", random.hex(64)),
      isConnected: () => this.#isConnected,
      nextRelistAt: () => Math.ceil((time.now() - relistPhase + 1) / RELIST_MS) * RELIST_MS + relistPhase,
      takeAddress: () => {
        this.#addresses += 1;
        // Four blocks of 65,536 addresses a node.
        return `10.${244 - 4 * node.index + (this.#addresses >> 16)}.${(this.#addresses >> 8) & 255}.${this.#addresses & 255}`;
      },
    };
  }

  /** Takes care of the node's pods from now on. */
  start(): void {
    const { objects } = this.#host.parts;
    this.#unsubscribe = objects.subscribe("pods", ({ type, object }) => this.#see(type, object as Pod));
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  /** Loses or regains the API server; the containers go on as they are. */
  setConnected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    if (!isConnected) return;
    this.#events.release();
    for (const worker of this.#workers.values()) worker.publish();
    // What happened to the pods meanwhile is news to the kubelet.
    const { objects, time } = this.#host.parts;
    for (const pod of objects.list("pods")) time.after(0, () => this.#see("MODIFIED", pod));
  }

  /** Evicts a pod for want of a resource of the node ("memory"). False when the pod is not here. */
  evict({ metadata }: KubeObject, resource: string): boolean {
    const worker = this.#workers.get(metadata.uid);
    worker?.evict(resource);
    return worker !== undefined;
  }

  /** What a container of its pods has written; undefined while it cannot be reached. */
  log(podUid: string, container: string, previous: boolean): LogOfContainer | undefined {
    if (!this.#isConnected) return undefined;
    return (
      this.#workers.get(podUid)?.log(container, previous) ?? {
        refusal: `container "${container}" is waiting to start: ContainerCreating`,
      }
    );
  }

  /** What runs in its pod with that address. */
  applicationsAt(address: string): readonly RunningApplication[] | undefined {
    for (const worker of this.#workers.values()) {
      const applications = worker.applicationsAt(address);
      if (applications !== undefined) return applications;
    }
    return undefined;
  }

  stop(): void {
    this.#unsubscribe();
    for (const worker of this.#workers.values()) worker.stop();
    this.#workers.clear();
  }

  #see(type: "ADDED" | "MODIFIED" | "DELETED", pod: Pod): void {
    if (pod.spec.nodeName !== this.nodeName || !this.#isConnected) return;
    const { uid, deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata;
    let worker = this.#workers.get(uid);
    if (type === "DELETED") {
      worker?.stop();
      this.#workers.delete(uid);
      return;
    }
    if (worker === undefined) {
      worker = new PodWorker(pod, this.#host);
      this.#workers.set(uid, worker);
      worker.start();
    }
    if (deletionTimestamp !== undefined) worker.terminate(deletionGracePeriodSeconds);
    // Somebody else may have opened a readiness gate.
    else if (type === "MODIFIED" && pod.spec.readinessGates !== undefined) worker.publishSoon();
  }
}
