// Writes one pod's status to the API: only what is new, only while the kubelet reaches the API server.
import type { Pod } from "../../api-server/kinds.ts";
import { isSameJson } from "../../api-server/kube-object.ts";
import type { ClusterParts } from "../../cluster-parts.ts";
import type { Timers } from "../timing/timers.ts";
import { TIMING } from "../timing/timing.ts";
import { computePodStatus, type PodFacts } from "./pod-status.ts";

/** What only the node knows of a pod. */
export type NodeFacts = Omit<PodFacts, "observedGeneration" | "now">;

export interface PublisherParts {
  readonly parts: ClusterParts;
  readonly pod: Pod;
  readonly timers: Timers;
  /** Whether the kubelet reaches the API server. */
  readonly isConnected: () => boolean;
  /** As they are now. */
  readonly facts: () => NodeFacts;
}

export class PodStatusPublisher {
  readonly #parts: PublisherParts;
  #isDue = false;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
  }

  /** The pod as the API has it, if it is still this one. */
  current(): Pod | undefined {
    const { parts, pod } = this.#parts;
    const { namespace = "", name, uid } = pod.metadata;
    const current = parts.objects.get("pods", namespace, name);
    return current?.metadata.uid === uid ? current : undefined;
  }

  /** Writes the status as it is now, if the API does not show it already. */
  publish(): void {
    const { parts, timers, isConnected, facts } = this.#parts;
    const pod = this.current();
    if (pod === undefined || timers.isStopped || !isConnected()) return;
    const status = computePodStatus(pod, {
      ...facts(),
      observedGeneration: pod.metadata.generation,
      now: parts.time.timestamp(),
    });
    if (!isSameJson(status, pod.status)) parts.objects.updateStatus("pods", { ...pod, status });
  }

  /** As `publish`, after the usual delay. */
  publishSoon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#parts.timers.within(TIMING.status, () => {
      this.#isDue = false;
      this.publish();
    });
  }
}
