// A revision in the snapshot.
import type { ConditionView } from "./condition.ts";
import type { TemplateView } from "./template.ts";

/** The object that holds a revision: of a Deployment the ReplicaSet. */
export interface RevisionSource {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** A revision of the workload. */
export interface RevisionView {
  /** What names it in specs, status and sentences, and tells it from the workload's other revisions: its pod-template-hash. */
  readonly hash: string;
  /** What its pods carry as `revisionId`; unique in the namespace. */
  readonly id: string;
  readonly source: RevisionSource;
  /** The number in its revision annotation; 0 when it has none. */
  readonly revision: number;
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly desiredReplicas: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly templateKey: string;
  /** Identity of the template without restart marks (`changes/restart-marks.ts`): equal keys differ at most by a restart. */
  readonly contentKey: string;
  readonly template: TemplateView;
  readonly changeCause?: string | undefined;
  readonly conditions: readonly ConditionView[];
}
