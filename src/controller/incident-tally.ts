// Counts what becomes of Incidents: by the Incidents as they are, not by the answers to what was written, for an answer can be
// lost. What had happened before this instance began to act is not counted: another one did.
import { isManual, isOpen, phaseOf } from "../api/incident.ts";
import { undoStep } from "../api/incident-step.ts";
import type { FindingReason } from "../api/reasons.ts";
import { newestIncident } from "../domain/history/incident-roles.ts";
import type { IncidentView } from "../domain/snapshot/incident.ts";
import type { LabelsOf } from "../telemetry/metric-description.ts";
import type { METRICS, RollbackOutcome } from "../telemetry/metric-table.ts";
import type { Metrics } from "../telemetry/metrics.ts";

const OUTCOME_OF_PHASE: Readonly<Record<string, RollbackOutcome>> = {
  Recovered: "recovered",
  NotRecovered: "not_recovered",
  Superseded: "superseded",
};

/** What is counted of an Incident. */
interface Counted {
  readonly brake: string | undefined;
  readonly isSent: boolean;
  /** How its rollback ended; the first word stays, a late recovery is none. */
  readonly outcome: RollbackOutcome | undefined;
  readonly isOpen: boolean;
  /** Its series among the open Incidents; undefined when it does not concern anyone any more. */
  readonly shown: LabelsOf<typeof METRICS.openIncidents> | undefined;
}

/** Every rollback that was counted as sent is counted once more, by its outcome, or is in progress. */
export class IncidentTally {
  readonly #metrics: Metrics;
  /** By guard, then by the uid of the Incident. */
  readonly #counted = new Map<string, ReadonlyMap<string, Counted>>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    metrics.rollbacksInProgress.readFrom(() => [[{}, this.#inProgress()]]);
    metrics.openIncidents.readFrom(() => this.#all().flatMap(({ shown }) => (shown ? [[shown, 1]] : [])));
  }

  /** Counts what has become of the guard's Incidents since they were seen last. */
  see(key: string, incidents: readonly IncidentView[]): void {
    const before = this.#counted.get(key);
    const [namespace = ""] = key.split("/");
    const newest = newestIncident(incidents);
    const now = new Map(
      incidents.map((incident) => {
        const shown = isShown(incident, newest) ? labelsOf(namespace, incident) : undefined;
        return [incident.uid, { ...countedOf(incident, before?.get(incident.uid)), shown }];
      }),
    );
    this.#counted.set(key, now);
    if (before === undefined) return;
    for (const incident of incidents) {
      const known = before.get(incident.uid);
      if (known === undefined) this.#opened(incident);
      this.#moved(incident, known, now.get(incident.uid));
    }
    for (const [uid, counted] of before) if (!now.has(uid)) this.#lost(counted);
  }

  /** The guard is gone, and none of its Incidents is open any more. */
  forget(key: string): void {
    for (const counted of this.#counted.get(key)?.values() ?? []) this.#lost(counted);
    this.#counted.delete(key);
  }

  /** Another instance acts from now on, or did until now. */
  forgetAll(): void {
    this.#counted.clear();
  }

  #opened(incident: IncidentView): void {
    if (isManual(incident)) return;
    const { reason, causes = [], detectedAt, rolloutStartedAt } = incident.spec;
    const seconds = (Date.parse(detectedAt) - Date.parse(rolloutStartedAt)) / 1_000;
    this.#metrics.incidents.count({ reason: reason as FindingReason });
    this.#metrics.causes.count({ cause: causes[0]?.class ?? "Unknown" });
    this.#metrics.secondsToDetect.observe({}, Math.max(0, seconds));
  }

  #moved({ status }: IncidentView, before: Counted | undefined, now: Counted | undefined): void {
    const { rollbacks, brakes, secondsToRecover, lostEndpointSeconds } = this.#metrics;
    if (status?.brake && status.brake.reason !== before?.brake) brakes.count({ reason: status.brake.reason });
    if (now?.isSent && !before?.isSent) rollbacks.count({ outcome: "sent" });
    if (now?.outcome && !before?.outcome) {
      rollbacks.count({ outcome: now.outcome });
      if (now.outcome === "recovered" && status?.secondsToRecover !== undefined)
        secondsToRecover.observe({}, status.secondsToRecover);
    }
    const hasEnded = now?.isOpen === false && before?.isOpen !== false;
    if (hasEnded && status?.lostEndpointSeconds !== undefined)
      lostEndpointSeconds.observe({}, status.lostEndpointSeconds);
  }

  /** Nobody will say how it ended. */
  #lost({ isSent, outcome }: Counted): void {
    if (isSent && outcome === undefined) this.#metrics.rollbacks.count({ outcome: "superseded" });
  }

  #inProgress(): number {
    return this.#all().filter(({ isSent, outcome }) => isSent && outcome === undefined).length;
  }

  #all(): readonly Counted[] {
    return [...this.#counted.values()].flatMap((incidents) => [...incidents.values()]);
  }
}

/** Someone has to do something about it, or a rollback is in progress. */
function isShown(incident: IncidentView, newest: IncidentView | undefined): boolean {
  return isOpen(incident) || (incident === newest && phaseOf(incident) === "NotRecovered");
}

function labelsOf(namespace: string, incident: IncidentView): Counted["shown"] {
  const { spec, status } = incident;
  return {
    namespace,
    workload: spec.target.name,
    phase: phaseOf(incident),
    reason: spec.reason,
    brake: status?.brake?.reason ?? "",
  };
}

function countedOf(incident: IncidentView, before: Counted | undefined): Omit<Counted, "shown"> {
  const { status } = incident;
  const phase = phaseOf(incident);
  const hasEnded = !isOpen(incident);
  // What was only meant is no step any more when the Incident has ended. A person's rollback is none of the guard's.
  const wasSent = phase === "Verifying" || (hasEnded && undoStep(status) !== undefined);
  const isSent = (before?.isSent ?? false) || (wasSent && !isManual(incident));
  return {
    brake: status?.brake?.reason,
    isSent,
    outcome: before?.outcome ?? (isSent ? OUTCOME_OF_PHASE[phase] : undefined),
    isOpen: !hasEnded,
  };
}
