// What differs between kinds of workloads, as far as decisions need it. One implementation a kind, in a file named after it. Pure.
import type { RevisionView } from "../snapshot/revision.ts";
import type { WorkloadView } from "../snapshot/workload.ts";

export interface WorkloadRules {
  /** The revision of the workload's template, as its controller chooses it; undefined until it has made one. */
  readonly currentRevision: (
    workload: WorkloadView,
    revisions: readonly RevisionView[],
  ) => RevisionView | undefined;
  /** Whether all pods are of the present revision, and that share of them is available: at least one, where any is desired. */
  readonly isAvailable: (workload: WorkloadView, share: number) => boolean;
  /**
   * When its controller called a rollout complete (epoch ms), undefined while the present template is not complete. It can
   * speak of an earlier rollout of the same template.
   */
  readonly completedAt: (workload: WorkloadView) => number | undefined;
  /** Its controller says that the rollout of the present template makes no progress. */
  readonly stall: (workload: WorkloadView) => Stall | undefined;
  /** Why its controller cannot make a revision of the present template, in Kubernetes' words. */
  readonly refusedRevision: (workload: WorkloadView) => string | undefined;
  /** The API server refuses pods of the revision. */
  readonly refusedPods: (workload: WorkloadView, revision: RevisionView) => PodRefusal | undefined;
  /** When its controller last saw a rollout progress (epoch ms); undefined while it does not say so. */
  readonly progressedAt: (workload: WorkloadView) => number | undefined;
  /** Since when it has fewer available pods than it is to have at any time (epoch ms); undefined while it has enough. */
  readonly unavailableSince: (workload: WorkloadView) => number | undefined;
  /** How the workload is while no rollout of it is under way; undefined while one is, and for one that desires no pods. */
  readonly settledHealth: (workload: WorkloadView) => SettledHealth | undefined;
  /** The change of its spec, as a strategic merge patch, that lets a rollout add no pods; undefined where it adds none. */
  readonly withoutSurge: (workload: WorkloadView) => object | undefined;
}

/** Whether a workload is available, by its controller's word, and since when it is so. */
export interface SettledHealth {
  readonly isAvailable: boolean;
  /** Epoch ms. */
  readonly changedAt: number;
  /** When its last rollout was complete (epoch ms). */
  readonly completedAt: number;
}

/** A rollout that makes no progress. */
export interface Stall {
  /** Since when (epoch ms). */
  readonly sinceAt: number;
  /** What the workload's status says, quoted. */
  readonly evidence: string;
}

/** Pods that cannot be created. */
export interface PodRefusal {
  /** Since when (epoch ms). */
  readonly sinceAt: number;
  /** The API server's words. */
  readonly message: string;
  /** Where they stand, quoted. */
  readonly evidence: string;
  /** The Events that say the same, by the uid of the object that they are about. */
  readonly events: readonly { readonly uid: string; readonly reason: string }[];
}
