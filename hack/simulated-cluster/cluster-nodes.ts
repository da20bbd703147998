// The nodes of a cluster with their kubelets: made at the start or added later, cut off, and broken in parts.

import type { Taint } from "./api-server/kinds.ts";
import type { Texts } from "./api-server/kube-object.ts";
import type { ClusterParts } from "./cluster-parts.ts";
import type { NodeController } from "./controllers/nodes/node-controller.ts";
import type { NodeCapacity } from "./controllers/nodes/node-status.ts";
import type { NodeFaults } from "./kubelet/faults/node-faults.ts";
import type { Images } from "./kubelet/images/images.ts";
import { Kubelet } from "./kubelet/kubelet.ts";
import type { RunningApplication } from "./kubelet/network/pod-network.ts";

const MAX_NODES = 36;

export interface NewNode {
  /** Default: node1, node2, … */
  readonly name?: string | undefined;
  readonly capacity?: NodeCapacity | undefined;
  /** Beside those that a kubelet gives to its node. */
  readonly labels?: Texts | undefined;
  readonly taints?: readonly Taint[] | undefined;
  /** How long after it has joined its network works (ms); it takes no pods before. Default 0. */
  readonly readyAfterMs?: number | undefined;
}

export class ClusterNodes {
  readonly #parts: ClusterParts;
  readonly #images: Images;
  readonly #controller: NodeController;
  readonly #defaultCapacity: NodeCapacity;
  readonly #faults: NodeFaults;
  readonly #kubelets = new Map<string, Kubelet>();

  constructor(
    parts: ClusterParts,
    images: Images,
    options: {
      readonly controller: NodeController;
      readonly defaultCapacity: NodeCapacity;
      readonly faults: NodeFaults;
    },
  ) {
    this.#parts = parts;
    this.#images = images;
    this.#controller = options.controller;
    this.#defaultCapacity = options.defaultCapacity;
    this.#faults = options.faults;
  }

  get names(): readonly string[] {
    return [...this.#kubelets.keys()];
  }

  get kubelets(): readonly Kubelet[] {
    return [...this.#kubelets.values()];
  }

  kubeletOf(nodeName: string | undefined): Kubelet | undefined {
    return this.#kubelets.get(nodeName ?? "");
  }

  /** Makes the kubelets of the nodes that are there from the start. */
  prepareAll(count: number): void {
    if (!Number.isInteger(count) || count < 1 || count > MAX_NODES) {
      throw new Error(`There can be 1 to ${MAX_NODES} nodes, not ${count}.`);
    }
    for (let i = 0; i < count; i++) this.prepare();
  }

  /** Makes the kubelet of the next node, which neither runs nor shows in the API yet. */
  prepare(name = `node${this.#kubelets.size + 1}`): Kubelet {
    const index = this.#kubelets.size;
    if (index >= MAX_NODES) throw new Error(`There can be ${MAX_NODES} nodes at most.`);
    if (this.#kubelets.has(name)) throw new Error(`There is a node ${name} already.`);
    const kubelet = new Kubelet(
      { name, index, hostIP: `10.1.0.${index + 1}` },
      this.#parts,
      this.#images,
      this.#faults,
    );
    this.#kubelets.set(name, kubelet);
    return kubelet;
  }

  /** Shows a prepared node in the API. */
  register(
    { nodeName, hostIP }: Kubelet,
    { capacity, labels, taints, readyAfterMs = 0 }: NewNode = {},
  ): void {
    const isReady = readyAfterMs === 0;
    const node = {
      name: nodeName,
      hostIP,
      capacity: capacity ?? this.#defaultCapacity,
      labels,
      taints,
      isReady,
    };
    this.#controller.add(node);
    if (!isReady) this.#parts.time.after(readyAfterMs, () => this.#controller.setReady(nodeName, true));
  }

  /** Has a node join. Returns its name. */
  add(node: NewNode): string {
    const kubelet = this.prepare(node.name);
    kubelet.start();
    this.register(kubelet, node);
    return kubelet.nodeName;
  }

  /** Cuts the node from the cluster, or brings it back. */
  setReady(name: string, isReady: boolean): void {
    const kubelet = this.#kubelets.get(name);
    if (!isReady) kubelet?.setConnected(false);
    this.#controller.setReady(name, isReady);
    if (isReady) kubelet?.setConnected(true);
  }

  /** Keeps all kubelets from the API server for so long (ms). Nodes that are cut off already stay so. */
  silence(forMs: number): void {
    const silenced = this.kubelets.filter(({ isConnected }) => isConnected);
    for (const kubelet of silenced) kubelet.setConnected(false);
    this.#parts.time.after(forMs, () => {
      for (const kubelet of silenced) kubelet.setConnected(true);
    });
  }

  /**
   * Has every sandbox on the node fail with that error of the runtime, in which ID stands for the sandbox; undefined:
   * they can be made again. Pods that run are not touched.
   */
  failSandboxes(name: string, error: string | undefined): void {
    const kubelet = this.#kubelets.get(name);
    if (kubelet === undefined) throw new Error(`There is no node ${name}.`);
    kubelet.sandboxError = error;
  }

  /** What runs in the pod with that address, on whatever node. */
  applicationsAt(address: string): readonly RunningApplication[] | undefined {
    for (const kubelet of this.#kubelets.values()) {
      const applications = kubelet.applicationsAt(address);
      if (applications !== undefined) return applications;
    }
    return undefined;
  }

  stop(): void {
    for (const kubelet of this.#kubelets.values()) kubelet.stop();
  }
}
