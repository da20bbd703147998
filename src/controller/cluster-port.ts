// What a pass needs of the cluster.

import type { Change } from "../domain/effects/change.ts";
import type { NoticeEffect, RecordEffect } from "../domain/effects/effect.ts";
import type { Ground } from "../domain/snapshot/ground.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";

/**
 * The cluster, as one pass sees and changes it. What was written is visible to the next `observe`, even when the watch
 * has not brought it yet; what the API server refused rejects with its error.
 */
export interface ClusterPort {
  /** What is known of the guard and all that belongs to it; undefined when there is no such guard. */
  observe(key: ReconcileKey): Snapshot | undefined;
  /**
   * What is left where there is no such guard; undefined when there is nothing to end, or another guard has its target.
   * @param isFrozen RolloutGuard can have paused the rollout of its workload
   */
  observeUnguarded(key: ReconcileKey, isFrozen: boolean): Snapshot | undefined;
  /** The same with the workload as the API server has it now; undefined when that is gone too. */
  observeUnguardedLive(key: ReconcileKey, isFrozen: boolean): Promise<LiveObservation | undefined>;
  /**
   * The same as `observe` with the workload, its revisions, and what a decision rests on as the API server has them now; undefined when
   * guard or workload is gone.
   */
  observeLive(key: ReconcileKey, restsOn: readonly Ground[]): Promise<LiveObservation | undefined>;
  /** Writes what is RolloutGuard's own. The snapshot is the one that it was decided on, here and below. */
  record(snapshot: Snapshot, record: RecordEffect): Promise<void>;
  /** Resolves also when nobody could be told. */
  notify(snapshot: Snapshot, notice: NoticeEffect): Promise<void>;
}

/** What was just read, and the way to change what was read. */
export interface LiveObservation {
  readonly snapshot: Snapshot;
  /**
   * Sends the change and resolves with what is known then, with the changed object exactly as the API server answered it.
   * Rejects with ConflictError when the object is not the one that was read any more, with RefusedError when the API server
   * refuses the change; the next `observe` knows of that.
   */
  change(change: Change): Promise<Snapshot>;
}
