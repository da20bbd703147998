// Asks pods, and only pods: what a guard, a pod or an answer says cannot send a request anywhere else. Limits how many requests
// are open at once, of all guards and of each namespace.
import type { AskedPod } from "../../domain/snapshot/asked-pod.ts";
import type { Clock, StopwatchMaker } from "../../kube/clock.ts";
import { FairQueue } from "../fair-queue.ts";
import { askPod, type PodAnswer } from "./ask-pod.ts";
import type { Dial } from "./dial.ts";
import { type AddressRule, podAddressRule } from "./pod-address.ts";
import { type PodRequest, requestProblem } from "./pod-request.ts";

export interface PodClientOptions {
  readonly dial: Dial;
  readonly clock: Clock & StopwatchMaker;
  /** Sent as User-Agent. */
  readonly userAgent: string;
  /** Which addresses are a pod's. Default: none of the machine, its network or its cloud. */
  readonly addressRule?: AddressRule | undefined;
  readonly mostAtOnce?: number | undefined;
  readonly mostAtOnceOfNamespace?: number | undefined;
}

/** A request to one pod. */
export interface PodQuestion {
  readonly namespace: string;
  readonly pod: AskedPod;
  /** Name or number of a port that a container declares. Default: the first. */
  readonly port: string | number | undefined;
  readonly request: PodRequest;
  readonly mostBodyBytes: number;
}

/** `notAllowed`: nothing was sent. */
export type AskedPodAnswer = PodAnswer | { readonly class: "notAllowed"; readonly message: string };

/** A pod that hangs occupies its place until its time is over; the pods of others must not wait for it. */
const AT_ONCE = 64;
const AT_ONCE_OF_NAMESPACE = 16;

export class PodClient {
  readonly clock: Clock & StopwatchMaker;
  readonly #options: PodClientOptions;
  readonly #queue: FairQueue;

  constructor(options: PodClientOptions) {
    this.clock = options.clock;
    this.#options = options;
    this.#queue = new FairQueue({
      atOnce: options.mostAtOnce ?? AT_ONCE,
      atOnceOfNamespace: options.mostAtOnceOfNamespace ?? AT_ONCE_OF_NAMESPACE,
    });
  }

  /** Never rejects. */
  async ask({ namespace, pod, port, request, mostBodyBytes }: PodQuestion): Promise<AskedPodAnswer> {
    const target = this.#target(pod, port);
    if (typeof target === "string") return { class: "notAllowed", message: target };
    const problem = requestProblem(request);
    if (problem !== undefined) return { class: "notAllowed", message: problem };
    return this.#queue.run(namespace, () => askPod(target, request, { ...this.#options, mostBodyBytes }));
  }

  /** Where it goes, or why it goes nowhere. */
  #target({ isHostNetwork, addresses, ports }: AskedPod, wanted: string | number | undefined) {
    if (isHostNetwork) return "the pod uses the network of its node, where other programs answer too";
    const [address] = addresses;
    if (address === undefined) return "the pod has no address yet";
    const why = (this.#options.addressRule ?? podAddressRule)(address);
    if (why !== undefined) return `the address of the pod ${why}`;
    const declared = ports.find(
      ({ name, port }) => wanted === undefined || port === wanted || name === wanted,
    );
    if (declared !== undefined) return { address, port: declared.port };
    return wanted === undefined ? "no container declares a port" : `no container declares the port ${wanted}`;
  }
}
