// What it takes to see and to change one kind of workload: all that differs between kinds. One folder a kind implements it.
import type { WorkloadKind } from "../../api/workload-kind.ts";
import type { RevisionView } from "../../domain/snapshot/revision.ts";
import type { WorkloadView } from "../../domain/snapshot/workload.ts";
import type { ApiClient } from "../connection/api-client.ts";
import type { RawObject } from "../objects.ts";
import type { RevisionResource, WorkloadResource } from "../resources.ts";
import type { OwnedRevision } from "./owned-revision.ts";

export interface WorkloadPort {
  readonly kind: WorkloadKind;
  /** Where its workloads are served. */
  readonly resource: WorkloadResource;
  /** Where the objects that hold its revisions are served; kinds can have it in common. */
  readonly revisionResource: RevisionResource;
  /** The workload as the decision sees it. Takes any JSON. */
  readonly project: (object: RawObject) => WorkloadView;
  /**
   * The revision that the object holds; undefined when it is none of a workload of this kind. `previous` is what was last
   * known of the object: what did not change of it is kept.
   */
  readonly projectRevision: (object: RawObject, previous?: OwnedRevision) => OwnedRevision | undefined;
  /** The `id` of the revision of a pod; undefined for a pod that no workload of this kind made. */
  readonly revisionIdOf: (pod: RawObject) => string | undefined;
  /** The label selector of the pods of these revisions: at least one. */
  readonly podSelector: (revisions: readonly Pick<RevisionView, "hash">[]) => string;
  /** Reads the workload and its revisions past the caches. Rejects with ConflictError when the workload is gone. */
  readonly read: (client: Pick<ApiClient, "get">, namespace: string, name: string) => Promise<LiveWorkload>;
  /**
   * The pod template of a revision as the workload had it, from the object that holds it. Throws TypeError when there is
   * none.
   */
  readonly templateOf: (source: RawObject) => RawObject;
}

/** Raw objects: the decision is made again on them, and the patch takes the template from them as it is. */
export interface LiveWorkload {
  readonly kind: WorkloadKind;
  readonly workload: RawObject;
  /** The objects that hold the workload's revisions. */
  readonly sources: readonly RawObject[];
}
