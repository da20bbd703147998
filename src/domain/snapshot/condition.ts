// A condition in the snapshot.

/** A condition of a workload, or of the object that holds a revision. */
export interface ConditionView {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly transitionAt: number;
  /** lastUpdateTime where the object has one (Deployments), else the transition. */
  readonly updatedAt: number;
}
