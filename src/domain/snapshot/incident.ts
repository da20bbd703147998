// Incidents in the snapshot.
import type { IncidentSpec, IncidentStatus } from "../../api/incident.ts";

export interface IncidentView {
  readonly name: string;
  readonly uid: string;
  readonly spec: IncidentSpec;
  readonly status?: IncidentStatus | undefined;
}

/** An Incident about another workload, or one that cannot be read. */
export interface OtherIncident {
  readonly name: string;
  /** Why it cannot be read, when it is about this workload. */
  readonly problem?: string | undefined;
}
