// Tells each transition once, after it was written: one info line, and the counters that people alert on.
import { phaseOf } from "../api/incident.ts";
import type { Decision, Effect } from "../domain/decision.ts";
import { nameRevision } from "../domain/revisions.ts";
import type { Snapshot } from "../domain/snapshot.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { RollbackOutcome } from "../telemetry/metric-table.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export type TransitionMetrics = Pick<
  Metrics,
  "incidents" | "rollbacks" | "brakes" | "secondsToDetect" | "secondsToRecover"
>;

const OUTCOME_OF_PHASE: Readonly<Record<string, RollbackOutcome>> = {
  Recovered: "recovered",
  NotRecovered: "not_recovered",
  Superseded: "superseded",
};

/** Remembers what was told of each guard, so that a repeated decision is not told again. */
export class Transitions {
  readonly #metrics: TransitionMetrics;
  readonly #told = new Map<string, string>();

  constructor(metrics: TransitionMetrics) {
    this.#metrics = metrics;
  }

  /** Tells that an effect was written. What the snapshot says was true before it. */
  written(log: Logger, snapshot: Snapshot, effect: Effect): void {
    switch (effect.type) {
      case "openIncident":
        this.#opened(log, effect);
        break;
      case "updateIncident":
        this.#moved(log, snapshot, effect);
        break;
      case "rollBack":
        this.#rolledBack(log, effect);
        break;
      case "publishEvent":
        log.debug(`event published: ${effect.event.reason}`, { on: effect.event.on });
        break;
      case "updateGuardStatus":
        log.debug("guard status written");
        break;
      case "deleteIncident":
        log.debug("old Incident deleted", { incident: effect.name });
        break;
    }
  }

  /** Tells what a pass decided about the guard, when that is news. */
  decided(log: Logger, key: string, snapshot: Snapshot, decision: Decision): void {
    const { phase, reason, message } = decision;
    const before = this.#told.get(key) ?? writtenIn(snapshot, decision);
    const now = `${phase}/${reason}`;
    this.#told.set(key, now);
    if (before === now) log.debug(`still ${reason}: ${message}`, { phase, reason });
    else log.info(`${reason}: ${message}`, { phase, reason, was: before });
  }

  /** The guard is gone. */
  forget(key: string): void {
    this.#told.delete(key);
  }

  #opened(log: Logger, { name, spec }: Extract<Effect, { type: "openIncident" }>): void {
    const { reason, message, intent } = spec;
    const seconds = (Date.parse(spec.detectedAt) - Date.parse(spec.rolloutStartedAt)) / 1_000;
    this.#metrics.incidents.count({ reason });
    this.#metrics.secondsToDetect.observe({}, Math.max(0, seconds));
    log.info(`incident opened: ${reason}: ${message}`, { incident: name, reason, intent });
  }

  #rolledBack(log: Logger, { plan }: Extract<Effect, { type: "rollBack" }>): void {
    this.#metrics.rollbacks.count({ outcome: "sent" });
    log.info(`rollback sent: from ${nameRevision(plan.from)} to ${nameRevision(plan.to)}`, {
      incident: plan.incident,
    });
  }

  #moved(log: Logger, snapshot: Snapshot, effect: Extract<Effect, { type: "updateIncident" }>): void {
    const { name, status } = effect;
    const before = snapshot.incidents.find((incident) => incident.name === name);
    const phaseBefore = before && phaseOf(before);
    const { phase, message, brake, rollback, secondsToRecover } = status;
    const isBraked = brake !== undefined && brake.reason !== before?.status?.brake?.reason;
    if (isBraked) this.#metrics.brakes.count({ reason: brake.reason });
    if (phase === phaseBefore && !isBraked) {
      log.debug(`incident updated: ${message}`, { incident: name });
      return;
    }
    const outcome = OUTCOME_OF_PHASE[phase];
    if (outcome && rollback && phase !== phaseBefore) this.#metrics.rollbacks.count({ outcome });
    if (outcome === "recovered" && rollback && secondsToRecover !== undefined) {
      this.#metrics.secondsToRecover.observe({}, secondsToRecover);
    }
    log.info(`incident ${phase}: ${message}`, {
      incident: name,
      phase,
      was: phaseBefore,
      brake: brake?.reason,
    });
  }
}

/**
 * What the guard's status told before this process began. It has no reason of its own, so the same phase counts
 * as told: a restart repeats no line.
 */
function writtenIn(snapshot: Snapshot, { phase, reason }: Decision): string | undefined {
  const written = snapshot.guard.status.phase;
  return written === phase ? `${phase}/${reason}` : written;
}
