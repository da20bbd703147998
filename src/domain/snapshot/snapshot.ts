// What the decision sees: small, plain, frozen projections of the cluster. Pure types: no clock, no client; a subject a file.
// Instants are epoch milliseconds of the cluster's clock (`…At`), durations milliseconds (`…Ms`).
import type { Answers } from "./answer.ts";
import type { EventView } from "./event.ts";
import type { GuardView } from "./guard.ts";
import type { IncidentView, OtherIncident } from "./incident.ts";
import type { PodView } from "./pod.ts";
import type { RevisionView } from "./revision.ts";
import type { ServiceView } from "./service.ts";
import type { Surroundings } from "./surroundings.ts";
import type { WorkloadView } from "./workload.ts";

/** Everything one decision is made from: one guard, its workload, and what belongs to it. */
export interface Snapshot {
  readonly guard: GuardView;
  /** Undefined when the workload does not exist. */
  readonly workload?: WorkloadView | undefined;
  /** The revisions of the workload, in no particular order. */
  readonly revisions: readonly RevisionView[];
  /** The pods of those revisions. */
  readonly pods: readonly PodView[];
  /** The namespace's Services that could matter: named by the guard, remembered in its status, or selecting a revision's pods. */
  readonly services: readonly ServiceView[];
  /** Warning Events about the workload, its revisions and pods, and what was asked for: evidence, never a trigger. */
  readonly events: readonly EventView[];
  /** The Incidents of the workload, in no particular order; an earlier guard may have opened them. */
  readonly incidents: readonly IncidentView[];
  /** Incidents that are of no use to the guard and have names that its own cannot have. */
  readonly otherIncidents?: readonly OtherIncident[] | undefined;
  readonly surroundings: Surroundings;
  /** Answers to what the last decision asked; undefined and without a key where nothing was asked or answered. */
  readonly answers?: Answers | undefined;
}
