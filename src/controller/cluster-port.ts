// What a pass needs of the cluster.
import type { IncidentStatus } from "../api/incident.ts";
import type { RolloutGuardStatus } from "../api/rollout-guard.ts";
import type { AutomaticIncidentSpec, EventToPublish, RollbackPlan } from "../domain/decision.ts";
import type { GuardView } from "../domain/snapshot/guard.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { ReconcileKey } from "../kube/reconcile-key.ts";

/**
 * The cluster, as one pass sees and changes it. A change that resolved is visible to the next `observe`, even
 * when the watch has not brought it yet; one that the API server refused rejects with its error.
 */
export interface ClusterPort {
  /** What is known of the guard and all that belongs to it; undefined when there is no such guard. */
  observe(key: ReconcileKey): Snapshot | undefined;
  /**
   * The same with the workload and its revisions read from the API server at this moment; before an Incident is
   * opened, with what else its cause may be told from.
   */
  lookAgain(key: ReconcileKey, before: "openIncident" | "rollBack"): Promise<SecondLook | undefined>;
  openIncident(guard: GuardView, name: string, spec: AutomaticIncidentSpec): Promise<void>;
  updateIncident(guard: GuardView, name: string, status: IncidentStatus): Promise<void>;
  deleteIncident(guard: GuardView, name: string): Promise<void>;
  updateGuardStatus(guard: GuardView, status: RolloutGuardStatus): Promise<void>;
  publishEvent(snapshot: Snapshot, event: EventToPublish): Promise<void>;
}

/** A live look, and the one change that may be based on it. */
export interface SecondLook {
  readonly snapshot: Snapshot;
  /** Sends the patch; rejects when the workload is not the one that was read any more. */
  rollBack(plan: RollbackPlan): Promise<void>;
}
