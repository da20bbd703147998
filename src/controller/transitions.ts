// Tells each transition once, after it was written, in one info line.

import { documentationOf } from "../api/documentation.ts";
import { phaseOf } from "../api/incident.ts";
import type { GuardPhase } from "../api/rollout-guard.ts";
import type { Decision } from "../domain/decision.ts";
import type { ChangeEffect, Effect, OpenIncident, UpdateIncident } from "../domain/effects/effect.ts";
import { nameRevision } from "../domain/history/revisions.ts";
import type { Snapshot } from "../domain/snapshot/snapshot.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Metrics } from "../telemetry/metrics.ts";

/** In these phases the line about the Incident is the line about the guard. */
const REPORTED_BY_INCIDENT: ReadonlySet<GuardPhase> = new Set(["Failing", "RollingBack", "NotRecovered"]);
const ABOUT_INCIDENT: ReadonlySet<Effect["type"]> = new Set(["openIncident", "updateIncident", "change"]);

/** Remembers what was told of each guard, so that a repeated decision is not told again. */
export class Transitions {
  readonly #metrics: Metrics;
  readonly #reported = new Map<string, Pick<Decision, "phase" | "reason">>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    metrics.guards.readFrom(() => this.#countByPhase());
  }

  /** Tells that an effect was written. The snapshot is what was true before it. */
  written(log: Logger, snapshot: Snapshot, effect: Effect): void {
    switch (effect.type) {
      case "openIncident":
        this.#opened(log, effect);
        break;
      case "updateIncident":
        this.#moved(log, snapshot, effect);
        break;
      case "change":
        this.#changed(log, effect);
        break;
      case "publishEvent":
        log.debug(`Event published: ${effect.event.reason}`, { on: effect.event.on });
        break;
      case "updateGuardStatus":
        log.debug("guard status updated");
        break;
      case "deleteIncident":
        log.debug("old Incident deleted", { incident: effect.name });
        break;
      case "handOverFields":
        log.info(
          "handed over the fields that the rollback changed to the field manager that applies the workload",
        );
        break;
    }
  }

  /** Tells what a pass decided about the guard, when that is news. */
  decided(
    log: Logger,
    key: string,
    snapshot: Snapshot,
    { phase, reason, message, effects, brake }: Decision,
  ): void {
    const before = this.#reported.get(key) ?? writtenIn(snapshot);
    this.#reported.set(key, { phase, reason });
    const isReportedByIncident =
      (brake !== undefined || REPORTED_BY_INCIDENT.has(phase)) &&
      effects.some(({ type }) => ABOUT_INCIDENT.has(type));
    if (isReportedByIncident || (before.phase === phase && before.reason === reason)) {
      log.debug(`${reason}: ${message}`, { phase, reason });
    } else {
      log.info(`${reason}: ${message}`, { phase, reason, was: before.reason });
    }
  }

  /** A rollback was decided and not sent, because the second decision was another one. */
  rollbackNotSent(log: Logger, why: string): void {
    this.#metrics.rollbacks.count({ outcome: "conflict" });
    log.info(`rollback not sent: ${why}`);
  }

  /** The API server refused a rollback that was sent. The Incident tells the words. */
  rollbackRefused(): void {
    this.#metrics.rollbacks.count({ outcome: "refused" });
  }

  /** The guard is gone. */
  forget(key: string): void {
    this.#reported.delete(key);
  }

  /** Another instance tells of all guards from now on, or did until now. */
  forgetAll(): void {
    this.#reported.clear();
  }

  #opened(log: Logger, { name, spec }: OpenIncident): void {
    const { reason, message, action, causes = [] } = spec;
    const [cause] = causes;
    const why = cause && {
      cause: cause.class,
      certainty: cause.certainty,
      rootCause: cause.message,
      remedy: cause.remedy,
      ...(causes.length > 1 && { furtherCauses: causes.slice(1).map((further) => further.class) }),
    };
    log.info(`Incident opened: ${reason}: ${message}`, {
      incident: name,
      reason,
      action,
      ...why,
      documentation: documentationOf(spec),
    });
  }

  #changed(log: Logger, { change }: ChangeEffect): void {
    const { on } = change;
    switch (change.do) {
      case "restoreTemplate": {
        const { from, to, incident } = change;
        log.info(`rollback sent: from ${nameRevision(from)} to ${nameRevision(to)}`, { incident });
        break;
      }
      case "pauseRollout": {
        const what = "incident" in change.why ? "rollback stopped" : "suspicious rollout stopped";
        log.info(`${what}: ${on.kind} ${on.name} is paused`, change.why);
        break;
      }
      case "resumeRollout":
        log.info(`rollout resumed: ${on.kind} ${on.name}`, change.why);
        break;
    }
  }

  #moved(log: Logger, snapshot: Snapshot, { name, status }: UpdateIncident): void {
    const { phase, message, brake } = status;
    const before = snapshot.incidents.find((incident) => incident.name === name);
    const isPhaseNew = before === undefined || phaseOf(before) !== phase;
    const isBrakeNew = brake !== undefined && brake.reason !== before?.status?.brake?.reason;
    const fields = { incident: name, phase, ...(brake && { brake: brake.reason }) };
    if (isPhaseNew || isBrakeNew) log.info(`Incident ${phase}: ${message}`, fields);
    else log.debug(`Incident updated: ${message}`, fields);
  }

  #countByPhase(): [{ phase: GuardPhase }, number][] {
    const counts = new Map<GuardPhase, number>();
    for (const { phase } of this.#reported.values()) counts.set(phase, (counts.get(phase) ?? 0) + 1);
    return [...counts].map(([phase, count]) => [{ phase }, count]);
  }
}

/** What the guard's status told before this process began: a restart repeats no line. */
function writtenIn({ guard: { status } }: Snapshot): {
  phase: string | undefined;
  reason: string | undefined;
} {
  const healthy = status.conditions?.find(({ type }) => type === "Healthy");
  return { phase: status.phase, reason: healthy?.reason };
}
