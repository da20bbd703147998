// The guarded workload in the snapshot.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { ConditionView } from "./condition.ts";

export interface WorkloadView {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly isPaused: boolean;
  readonly strategy: "RollingUpdate" | "Recreate";
  /** How many of the desired pods the rollout itself may take away at a time; all with Recreate. */
  readonly maxUnavailable: number;
  readonly minReadySeconds: number;
  readonly progressDeadlineSeconds: number;
  /** spec.replicas */
  readonly desiredReplicas: number;
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  /** Identity of the pod template; equal to that of the revision made from it. */
  readonly templateKey: string;
  /** The value of the veto annotation, on the workload or its pod template. */
  readonly veto?: string | undefined;
  /** The last rollback that RolloutGuard made: for which Incident and when, written by the patch itself. */
  readonly rolledBack?: { readonly incident: string; readonly at: number } | undefined;
  readonly conditions: readonly ConditionView[];
}
