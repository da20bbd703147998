// What the decision knows of the rest of the cluster.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { UnreadResource } from "./unread.ts";

/** What the decision knows of the rest of the cluster. */
export interface Surroundings {
  /** The whole operator only observes. */
  readonly observeOnly: boolean;
  /** Other workloads of the guard's namespace that are not in a rollout, guarded or not. */
  readonly settledNearby: number;
  /** Other namespaces that have such workloads. */
  readonly settledNamespaces: number;
  /** Those of both that are unavailable, or were a short while ago; of the guard's own namespace first. */
  readonly outages: readonly Outage[];
  /** The Canary of Flagger for which the workload is released; undefined where there is none. */
  readonly canary?: string | undefined;
  /** Until when the writes send no rollback of the workload, because too many were sent; undefined: nothing was held back. */
  readonly stoppedUntilAt?: number | undefined;
  /** How late the kubelets of the pods' nodes have told things lately; undefined when in time. */
  readonly reportLagMs?: number | undefined;
  /** Since when everything is current again after a time in which something was not read; undefined: it always was. */
  readonly currentSinceAt?: number | undefined;
  /** What has not been current for a minute; undefined where all is. */
  readonly unread?: readonly UnreadResource[] | undefined;
  /**
   * Some of it was never read since the operator started: the snapshot holds the guard and nothing else. True only together with
   * `unread`.
   */
  readonly isUnseen?: true | undefined;
  /** The last rollback of this workload that the API server refused; undefined once one was accepted. */
  readonly refusal?: Refusal | undefined;
  /** The last pause or resume of it that the API server refused; undefined once a change was accepted. */
  readonly refusedPause?: RefusedPause | undefined;
}

/** That the API server refused to restore a revision. */
export interface Refusal {
  /** Of the workload. */
  readonly uid: string;
  /** The template hash that was to be left, and the one that was to be restored. */
  readonly from: string;
  readonly to: string;
  /** The API server's words. */
  readonly why: string;
  /** When it is to be sent again (epoch ms). */
  readonly retryAt: number;
}

/** That the API server refused to pause the workload, or to resume it. */
export interface RefusedPause {
  /** Of the workload, as it was then. */
  readonly uid: string;
  readonly generation: number;
  readonly do: "pauseRollout" | "resumeRollout";
  /** What the pause is about: the hash of the suspicious revision, or the Incident whose rollback is stopped. */
  readonly of: string;
  /** The API server's words. */
  readonly why: string;
  /** When it is to be sent again (epoch ms). */
  readonly retryAt: number;
}

/** A workload that became unavailable without a rollout of its own. */
export interface Outage {
  readonly namespace: string;
  readonly kind: WorkloadKind;
  readonly name: string;
  /** Undefined where only its end is known: it was over when this operator started. */
  readonly downSinceAt?: number | undefined;
  /** When it was available again; undefined while it is not. */
  readonly upAt?: number | undefined;
}
