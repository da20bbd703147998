// Incidents in the snapshot.
import type { IncidentSpec, IncidentStatus } from "../../api/incident.ts";

export interface IncidentView {
  readonly name: string;
  readonly uid: string;
  readonly spec: IncidentSpec;
  readonly status?: IncidentStatus | undefined;
  /** When the API server took it (epoch ms): the one time in it that nobody can choose. Undefined when it does not say. */
  readonly createdAt?: number | undefined;
  /** What of it RolloutGuard never writes, and is not in `spec` and `status`, as "status.steps". */
  readonly leftOut?: readonly string[] | undefined;
}

/** An Incident about another workload, or one that cannot be read. */
export interface OtherIncident {
  readonly name: string;
  /** Why it cannot be read, when it is about this workload. */
  readonly problem?: string | undefined;
}
