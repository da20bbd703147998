// The guarded workload in the snapshot.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { ConditionView } from "./condition.ts";

/** A client that has written into the pod template, by its field manager. */
export interface TemplateManager {
  readonly name: string;
  /** When it wrote last, to the second (epoch ms). */
  readonly at: number;
}

export interface RolledBack {
  readonly incident: string;
  readonly at: number;
  /** The generation that the patch made: while the workload has it, nobody has changed what came of the patch. */
  readonly generation?: number | undefined;
}

/** A release of Helm. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  /** Flux runs Helm, and nobody by hand. */
  readonly isByFlux: boolean;
}

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
  /** Who has written into the pod template, the last to write first; empty where managed fields do not say. */
  readonly templateManagers: readonly TemplateManager[];
  /** The object that controls it, and makes it as it wants it. */
  readonly owner?: { readonly kind: string; readonly name: string } | undefined;
  /** The number that its controller has given to the present revision; undefined before it has. */
  readonly revision?: number | undefined;
  /** The value of the veto annotation, on the workload or its pod template. */
  readonly veto?: string | undefined;
  /** The last rollback that RolloutGuard made: for which Incident and when, written by the patch itself. */
  readonly rolledBack?: RolledBack | undefined;
  /** RolloutGuard owns fields of the pod template that somebody else applies: the next apply is refused, or leaves some behind. */
  readonly blocksNextApply?: true | undefined;
  /** The release of Helm that it belongs to, where Helm applies it client-side. */
  readonly helmRelease?: HelmRelease | undefined;
  /** The Incident for which RolloutGuard paused it. Somebody can have resumed it since: see `isPaused`. */
  readonly pausedFor?: string | undefined;
  /** The revision for whose rollout RolloutGuard paused it, by its hash. Somebody can have resumed it since: see `isPaused`. */
  readonly frozenRevision?: string | undefined;
  readonly conditions: readonly ConditionView[];
  /** The annotations of RolloutGuard's that say what cannot be true, and do not count. */
  readonly leftOut?: readonly string[] | undefined;
}
