// A pod in the snapshot.
import type { ContainerKind } from "./template.ts";

export interface PodView {
  readonly name: string;
  readonly uid: string;
  /** The `id` of its revision. */
  readonly revisionId: string;
  /** The name of its node, once it has one. */
  readonly node?: string | undefined;
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly phase: string;
  /** status.reason: Evicted, NodeLost, … */
  readonly reason?: string | undefined;
  /** status.message of a pod that is dead. */
  readonly message?: string | undefined;
  /** Reason of a DisruptionTarget condition that is True. */
  readonly disruption?: string | undefined;
  readonly isReady: boolean;
  /** When the Ready condition last changed; the creation when it never did. */
  readonly readyChangedAt: number;
  readonly readyReason?: string | undefined;
  /** Whether its own spec has readiness gates; load balancer controllers put them into pods, not into templates. */
  readonly hasReadinessGates?: boolean | undefined;
  /** How it lost readiness while its containers ran on, as far as it was observed; undefined when it never did. */
  readonly instability?: Instability | undefined;
  /** When a container of it first ended without being meant to, as far as it was observed. */
  readonly firstFailureAt?: number | undefined;
  /** Whether a container of it had failed before it was first seen: how long it has done so is not known then. */
  readonly hadFailedBefore?: boolean | undefined;
  /**
   * Since when the kubelet calls all containers ready, undefined while it does not. With isReady false it is node trouble
   * or a readiness gate. A lost node and its return change only the Ready condition.
   */
  readonly containersReadyAt?: number | undefined;
  readonly scheduled: {
    readonly ok: boolean;
    readonly at: number;
    readonly reason?: string | undefined;
    readonly message?: string | undefined;
  };
  /** When init containers were done; undefined while they are not. */
  readonly initializedAt?: number | undefined;
  readonly containers: readonly ContainerView[];
  /** Trouble in starting a container that lasts across the flicker of waiting reasons, and since when it was observed. */
  readonly startFailure?: { readonly kind: StartFailureKind; readonly sinceAt: number } | undefined;
  /** Where it can be asked; undefined where no guard of its namespace asks pods. */
  readonly reach?: PodReach | undefined;
}

/** The addresses of a pod. */
export interface PodReach {
  /** None while it has none. */
  readonly addresses: readonly string[];
  /** They are those of its node. */
  readonly isHostNetwork: boolean;
}

/** Spans in which a pod that had been ready was not, added up; one that has not ended yet is not among them. */
export interface Instability {
  /** How often it lost readiness. */
  readonly losses: number;
  /** How long it was unready in all (ms). */
  readonly unreadyMs: number;
}

export type StartFailureKind = "image" | "config";

export interface ContainerView {
  readonly name: string;
  readonly kind: ContainerKind;
  readonly isReady: boolean;
  readonly isStarted: boolean;
  readonly restarts: number;
  /** The digest of the image that it runs, as the node resolved the tag; undefined before it has one. */
  readonly imageId?: string | undefined;
  readonly state: ContainerState;
  readonly last?: TerminatedState | undefined;
}

export type ContainerState =
  | { readonly is: "waiting"; readonly reason: string; readonly message: string }
  | { readonly is: "running"; readonly startedAt: number }
  | TerminatedState;

export interface TerminatedState {
  readonly is: "terminated";
  readonly reason: string;
  readonly exitCode: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  /** The container's termination message, when it wrote one. */
  readonly message: string;
}
