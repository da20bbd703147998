// What the decision knows of the rest of the cluster.

/** What the decision knows of the rest of the cluster. */
export interface Surroundings {
  /** The whole operator only observes. */
  readonly observeOnly: boolean;
  /** Other guarded workloads that are not in a rollout, and how many of them are unavailable at this moment. */
  readonly settledWorkloads: number;
  readonly settledUnavailable: number;
  /** How late the kubelets of the pods' nodes have told things lately; undefined when in time. */
  readonly reportLagMs?: number | undefined;
}
