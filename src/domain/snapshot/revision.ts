// A revision in the snapshot.
import type { ConditionView } from "./condition.ts";
import type { TemplateView } from "./template.ts";

/** A ReplicaSet of the Deployment. */
export interface RevisionView {
  /** Its pod-template-hash. */
  readonly hash: string;
  readonly name: string;
  readonly uid: string;
  /** The number in its revision annotation; 0 when it has none. */
  readonly revision: number;
  readonly createdAt: number;
  readonly isDeleting: boolean;
  readonly desiredReplicas: number;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly templateKey: string;
  /** Identity of the template without `kubectl.kubernetes.io/restartedAt`: equal keys differ at most by a restart. */
  readonly contentKey: string;
  readonly template: TemplateView;
  readonly changeCause?: string | undefined;
  readonly conditions: readonly ConditionView[];
}
