// Follows one rollout from look to look until it is healthy, or it is clear that it will not be. State and rules; no clock, no cluster.

import { formatDuration } from "../../../api/duration.ts";
import { isOpen, phaseOf } from "../../../api/incident.ts";
import type { Brake, FailingFinding } from "../../../domain/decision.ts";
import {
  incidentAbout,
  incidentRestoring,
  lastRestored,
  newestIncident,
} from "../../../domain/history/incident-roles.ts";
import { nameRevision } from "../../../domain/history/revisions.ts";
import { isProven, nextBakeCheckAt } from "../../../domain/rollout/progress.ts";
import type { Rollout } from "../../../domain/rollout/rollout.ts";
import { servicesHave } from "../../../domain/rollout/services.ts";
import type { IncidentView } from "../../../domain/snapshot/incident.ts";
import type { ServiceView } from "../../../domain/snapshot/service.ts";
import { rulesOf } from "../../../domain/workload/rules-by-kind.ts";
import type { Look } from "../../cluster/watched-deployment.ts";
import { EXIT_CODES } from "../../exit-codes.ts";
import { ended, type Standing } from "./standing.ts";
import {
  afterRollback,
  beginning,
  counts,
  failure,
  pendingIn,
  sentenceOf,
  shortCounts,
  spent,
  whoRollsBack,
  whyAndWhat,
} from "./words.ts";

export interface WaitOptions {
  /** Wait through the bake time too. */
  readonly baked: boolean;
  /** How long Services may be without endpoints when all pods are available. */
  readonly endpointsMs: number;
  /** How long all must stay well. */
  readonly steadyMs: number;
}

/** So long an operator has to act on what can be seen here; it needs a second or two. */
const OPERATOR_MS = 20_000;
/** Whatever may be the past is looked at again after so long. */
const RECHECK_MS = 1_000;
/** A pipeline may come to wait when its rollout has been undone already; what was undone earlier is none of its business. */
const JUST_NOW_MS = 120_000;
/** These pass by themselves. */
const PASSING: ReadonlySet<Brake["reason"]> = new Set(["SignsGone", "NewerRollout"]);

/** Follows the rollout that is there at the first look, to its end. */
export class AwaitedRollout {
  readonly #options: WaitOptions;
  #templateKey: string | undefined;
  #hash: string | undefined;
  /** The Incident whose rollback ended it. */
  #undoneBy: string | undefined;
  #failingSinceAt: number | undefined;
  #availableSinceAt: number | undefined;
  #servingSinceAt: number | undefined;

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  standing(look: Look | undefined): Standing {
    if (!look) return ended(EXIT_CODES.notFound, "The Deployment was deleted.");
    const { workload, rollout } = look;
    this.#templateKey ??= this.#begin(look);
    if (rollout && workload.templateKey === this.#templateKey) this.#hash = rollout.revision.hash;
    const undone = this.#undoing(look);
    if (undone) return afterRollback(undone, look);
    if (this.#isOther(look)) return this.#overtaken(look);
    if (!rollout) return { is: "going", says: beginning(look) };
    return this.#guardsWord(look, rollout) ?? this.#ownWord(look, rollout);
  }

  /** The rollout that is waited for is that of the present template, unless that one has just come by a rollback. */
  #begin({ snapshot, rollout, workload, now }: Look): string {
    const incident =
      rollout && (incidentRestoring(snapshot, rollout.revision) ?? lastRestored(snapshot, rollout.revision));
    const endedAt = Date.parse(incident?.status?.endedAt ?? "");
    if (incident && (isOpen(incident) || now - endedAt < JUST_NOW_MS)) this.#undoneBy = incident.name;
    return workload.templateKey;
  }

  /** The Incident by which the rollout was undone, as the Deployment itself says. */
  #undoing(look: Look): IncidentView | undefined {
    const { snapshot, workload } = look;
    const newest = newestIncident(
      snapshot.incidents.filter(
        ({ name, spec }) => spec.failedRevision.hash === this.#hash && workload.rolledBack?.incident === name,
      ),
    );
    if (newest && this.#isOther(look)) this.#undoneBy = newest.name;
    return snapshot.incidents.find(({ name }) => name === this.#undoneBy);
  }

  /** Another template, and not the same revision as an API server of another version shows it. */
  #isOther({ workload, rollout }: Look): boolean {
    if (workload.templateKey === this.#templateKey) return false;
    return this.#hash === undefined || rollout?.revision.hash !== this.#hash;
  }

  #overtaken({ rollout }: Look): Standing {
    const now = rollout ? nameRevision(rollout.revision) : "another template";
    return ended(
      EXIT_CODES.overtaken,
      `Another rollout started before this one was healthy: the Deployment is now at ${now}.`,
    );
  }

  /** What an Incident says about the rollout. */
  #guardsWord({ snapshot }: Look, rollout: Rollout): Standing | undefined {
    const incident = incidentAbout(snapshot, rollout.revision);
    if (!incident) return undefined;
    const brake = incident.status?.brake;
    if (phaseOf(incident) !== "Held") {
      return {
        is: "going",
        says: `${failure(rollout, incident)} ${whoRollsBack(incident)} is rolling back.`,
      };
    }
    if (!brake) return { is: "going", says: failure(rollout, incident) };
    if (PASSING.has(brake.reason)) return { is: "going", says: brake.message };
    return {
      ...ended(EXIT_CODES.failing, failure(rollout, incident), ...whyAndWhat(incident)),
      incident: incident.name,
    };
  }

  /** What the rules say, where no Incident tells of it. */
  #ownWord(look: Look, rollout: Rollout): Standing {
    const { decision, now, isCurrent, guard } = look;
    const headline = decision.findings.find((one): one is FailingFinding => one.verdict === "failing");
    if (!headline) {
      this.#failingSinceAt = undefined;
      return this.#progress(look, rollout);
    }
    const says = `${sentenceOf(rollout, headline)}.`;
    this.#servingSinceAt = undefined;
    this.#failingSinceAt ??= now;
    const actsBy = this.#failingSinceAt + OPERATOR_MS;
    if (!isCurrent) return { is: "going", says, lookAt: now + RECHECK_MS };
    if (guard.isReal && now < actsBy) {
      return { is: "going", says: `${says} Waiting for the guard to act.`, lookAt: actsBy };
    }
    const opened = decision.effects.find((effect) => effect.type === "openIncident");
    const [cause] = opened?.spec.causes ?? [];
    return ended(
      EXIT_CODES.failing,
      says,
      ...(cause && cause.class !== "Unknown"
        ? [`Cause (${cause.certainty}): ${cause.message}`, `Remedy: ${cause.remedy}`]
        : []),
      guard.isReal
        ? `No operator has acted within ${formatDuration(OPERATOR_MS)}: check that RolloutGuard is running.`
        : "No RolloutGuard watches this Deployment: it is not rolled back automatically.",
    );
  }

  /** Nothing fails: how far it is. */
  #progress(look: Look, rollout: Rollout): Standing {
    const { workload, now, decision } = look;
    const name = nameRevision(rollout.revision);
    const short = `revision ${rollout.revision.revision}`;
    const lookAt = decision.wakeAt;
    if (!rulesOf(workload).isAvailable(workload, 1)) {
      this.#availableSinceAt = undefined;
      this.#servingSinceAt = undefined;
      const { says, ticks } = pendingIn(decision.findings, now);
      return {
        is: "going",
        says: `${short}: ${counts(workload)}${says}`,
        short: `${short}: ${shortCounts(workload)}${says}`,
        ticks,
        lookAt,
      };
    }
    if (workload.desiredReplicas === 0) {
      return ended(EXIT_CODES.fine, `${name} is scaled to zero.`);
    }
    this.#availableSinceAt ??= now;
    const empty = rollout.services.filter(({ readyEndpoints }) => readyEndpoints === 0);
    if (empty.length > 0) return this.#withoutEndpoints(name, empty, now);
    return this.#steady(look, rollout, name);
  }

  #withoutEndpoints(name: string, empty: readonly ServiceView[], now: number): Standing {
    this.#servingSinceAt = undefined;
    const sinceAt = this.#availableSinceAt ?? now;
    const { endpointsMs } = this.#options;
    if (now >= sinceAt + endpointsMs) {
      const since = formatDuration(endpointsMs);
      return ended(
        EXIT_CODES.failing,
        `${name} fails: EmptyEndpoints: all its pods are available, and ${servicesHave(empty)} had no ready endpoint for ${since}.`,
      );
    }
    const names = empty.map((service) => service.name).join(", ");
    return {
      is: "going",
      says: `${name}: all pods are available; waiting for endpoints of ${names}`,
      ticks: `${spent(sinceAt, now)} of ${formatDuration(endpointsMs)}`,
      lookAt: sinceAt + endpointsMs,
    };
  }

  /** Everything serves; it has to stay so. */
  #steady({ workload, decision, now, isCurrent }: Look, rollout: Rollout, name: string): Standing {
    const { baked, steadyMs } = this.#options;
    const isGood = isProven(rollout);
    const { says, ticks } = pendingIn(decision.findings, now);
    if (says !== "") {
      this.#servingSinceAt = undefined;
      return {
        is: "going",
        says: `${name}: all pods are available${says}`,
        short: `revision ${rollout.revision.revision}: available${says}`,
        ticks,
        lookAt: decision.wakeAt ?? now + RECHECK_MS,
      };
    }
    // Seen for the first time: it has been complete since it says so itself.
    const isFirst = this.#availableSinceAt === now;
    this.#servingSinceAt ??= isFirst ? Math.min(rollout.completedAt ?? now, now) : now;
    if (!isCurrent) return { is: "going", says: `${name}: all pods are available`, lookAt: now + RECHECK_MS };
    const steadyAt = this.#servingSinceAt + steadyMs;
    if (baked && !isGood) {
      const bakedAt = nextBakeCheckAt(rollout, now);
      const left = formatDuration(bakedAt - now);
      return { is: "going", says: `${name} is complete and baking`, ticks: `${left} left`, lookAt: bakedAt };
    }
    if (!isGood && now < steadyAt) {
      const reported = `${spent(this.#servingSinceAt, now)} of ${formatDuration(steadyMs)}`;
      return {
        is: "going",
        says: `${name}: all pods are available; checking that it stays healthy`,
        ticks: reported,
        lookAt: steadyAt,
      };
    }
    const pods = `${workload.availableReplicas} of ${workload.desiredReplicas} pods available`;
    const endpoints = rollout.services.map((one) => `${one.name} ${one.readyEndpoints}`);
    const served = endpoints.length > 0 ? `, endpoints: ${endpoints.join(", ")}` : "";
    return ended(EXIT_CODES.fine, `${name} is healthy${isGood ? " and good" : ""}: ${pods}${served}.`);
  }
}
