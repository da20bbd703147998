// Where the rollout that is waited for stands: still going, or over, and how. State and rules; no clock, no cluster.
import { formatDuration } from "../../../api/duration.ts";
import { isOpen, phaseOf } from "../../../api/incident.ts";
import type { Brake, FailingFinding, Finding } from "../../../domain/decision.ts";
import { incidentAbout, incidentRestoring, lastRestored } from "../../../domain/incidents/incident-roles.ts";
import { nextBakeLook } from "../../../domain/rollout/progress.ts";
import { byDetection, nameRevision, verdictOf } from "../../../domain/rollout/revisions.ts";
import { isFullyAvailable, type Rollout } from "../../../domain/rollout/rollout.ts";
import type { DeploymentView, IncidentView, ServiceView } from "../../../domain/snapshot.ts";
import { EXIT_CODES, type ExitCode } from "../exit-codes.ts";
import type { Look } from "../live/watched-deployment.ts";

/** Where it stands. */
export type Standing =
  | {
      readonly is: "going";
      /** What is waited for, in words that change only when something has happened. */
      readonly says: string;
      /** How far that is, for whoever looks on. */
      readonly ticks?: string | undefined;
      /** When to look again though nothing changes (epoch ms). */
      readonly lookAt?: number | undefined;
    }
  | Ended;

export interface Ended {
  readonly is: "ended";
  readonly exitCode: ExitCode;
  /** The first is the verdict. */
  readonly lines: readonly string[];
  /** The Incident that tells the rest. */
  readonly incident?: string | undefined;
}

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
    const { deployment, rollout } = look;
    this.#templateKey ??= this.#begin(look);
    if (rollout && deployment.templateKey === this.#templateKey) this.#hash = rollout.revision.hash;
    const undone = this.#undoing(look);
    if (undone) return afterRollback(undone, look);
    if (deployment.templateKey !== this.#templateKey) return this.#overtaken(look);
    if (!rollout) return { is: "going", says: beginning(look) };
    return this.#guardsWord(look, rollout) ?? this.#ownWord(look, rollout);
  }

  /** The rollout that is waited for is that of the present template, unless that one has just come by a rollback. */
  #begin({ snapshot, rollout, deployment, now }: Look): string {
    const incident =
      rollout && (incidentRestoring(snapshot, rollout.revision) ?? lastRestored(snapshot, rollout.revision));
    const sentAt = Date.parse(incident?.status?.rollback?.startedAt ?? incident?.spec.detectedAt ?? "");
    if (incident && (isOpen(incident) || now - sentAt < JUST_NOW_MS)) this.#undoneBy = incident.name;
    return deployment.templateKey;
  }

  /** The Incident by which the rollout was undone, as the Deployment itself says. */
  #undoing({ snapshot, deployment }: Look): IncidentView | undefined {
    const newest = snapshot.incidents
      .filter(
        ({ name, spec }) =>
          spec.failedRevision.hash === this.#hash && deployment.rolledBack?.incident === name,
      )
      .sort(byDetection)
      .at(-1);
    if (newest && deployment.templateKey !== this.#templateKey) this.#undoneBy = newest.name;
    return snapshot.incidents.find(({ name }) => name === this.#undoneBy);
  }

  #overtaken({ rollout }: Look): Standing {
    const now = rollout ? nameRevision(rollout.revision) : "another template";
    return ended(
      EXIT_CODES.overtaken,
      `Another rollout came before this one was healthy: the Deployment now asks for ${now}.`,
    );
  }

  /** What an Incident says about the rollout. */
  #guardsWord({ snapshot }: Look, rollout: Rollout): Standing | undefined {
    const incident = incidentAbout(snapshot, rollout.revision);
    if (!incident) return undefined;
    const brake = incident.status?.brake;
    if (phaseOf(incident) !== "Held") {
      return { is: "going", says: `${failure(rollout, incident)} The guard goes back.` };
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
      return { is: "going", says: `${says} Waiting for what the guard does.`, lookAt: actsBy };
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
        ? `No operator has acted on it within ${formatDuration(OPERATOR_MS)}: does RolloutGuard run?`
        : "No guard watches this Deployment: nothing is undone by itself.",
    );
  }

  /** Nothing fails: how far it is. */
  #progress(look: Look, rollout: Rollout): Standing {
    const { deployment, now, decision } = look;
    const name = nameRevision(rollout.revision);
    const lookAt = decision.wakeAt;
    if (!isFullyAvailable(deployment)) {
      this.#availableSinceAt = undefined;
      this.#servingSinceAt = undefined;
      const { says, ticks } = pendingIn(decision.findings, now);
      return { is: "going", says: `${name}: ${counts(deployment)}${says}`, ticks, lookAt };
    }
    if (deployment.desiredReplicas === 0) {
      return ended(EXIT_CODES.fine, `${name} wants no pods (it is scaled to zero).`);
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
    const names = empty.map((service) => service.name).join(", ");
    if (now >= sinceAt + endpointsMs) {
      const service = empty.length === 1 ? `Service ${names} has` : `Services ${names} have`;
      const since = formatDuration(endpointsMs);
      return ended(
        EXIT_CODES.failing,
        `${name} fails: EmptyEndpoints: all its pods are available, and ${service} had no ready endpoint for ${since} since.`,
      );
    }
    return {
      is: "going",
      says: `${name}: all pods are available; waiting for endpoints of ${names}`,
      ticks: `${spent(sinceAt, now)} of ${formatDuration(endpointsMs)}`,
      lookAt: sinceAt + endpointsMs,
    };
  }

  /** Everything serves; it has to stay so. */
  #steady(
    { snapshot, deployment, decision, now, isCurrent }: Look,
    rollout: Rollout,
    name: string,
  ): Standing {
    const { baked, steadyMs } = this.#options;
    const isGood = verdictOf(snapshot, rollout.revision.hash) === "Good";
    const { says, ticks } = pendingIn(decision.findings, now);
    if (says !== "") {
      this.#servingSinceAt = undefined;
      return {
        is: "going",
        says: `${name}: all pods are available${says}`,
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
      const bakedAt = nextBakeLook(rollout, now);
      const left = formatDuration(bakedAt - now);
      return { is: "going", says: `${name} is complete and bakes`, ticks: `${left} left`, lookAt: bakedAt };
    }
    if (!isGood && now < steadyAt) {
      const told = `${spent(this.#servingSinceAt, now)} of ${formatDuration(steadyMs)}`;
      return {
        is: "going",
        says: `${name}: all pods are available; it has to stay so`,
        ticks: told,
        lookAt: steadyAt,
      };
    }
    const pods = `${deployment.availableReplicas} of ${deployment.desiredReplicas} pods available`;
    const endpoints = rollout.services.map((one) => `${one.name} ${one.readyEndpoints}`);
    const served = endpoints.length > 0 ? `, endpoints: ${endpoints.join(", ")}` : "";
    return ended(EXIT_CODES.fine, `${name} is healthy${isGood ? " and good" : ""}: ${pods}${served}.`);
  }
}

function ended(exitCode: ExitCode, ...lines: readonly string[]): Ended {
  return { is: "ended", exitCode, lines };
}

/** The rollout was undone: how did that end? */
function afterRollback(incident: IncidentView, { rollout }: Look): Standing {
  const { spec, status, name } = incident;
  const by = spec.kind === "Manual" ? (spec.requestedBy ?? "Somebody") : "The guard";
  const target = spec.restoreRevision && nameRevision(spec.restoreRevision);
  const back = `${by} went back from ${nameRevision(spec.failedRevision)}${target === undefined ? "" : ` to ${target}`}: ${spec.reason}: ${spec.message}`;
  const more = causeLines(incident);
  switch (phaseOf(incident)) {
    case "Recovered":
      return { ...ended(EXIT_CODES.rolledBack, `${back}.`, ...more, status?.message ?? ""), incident: name };
    case "NotRecovered":
      return { ...ended(EXIT_CODES.failing, `${back}.`, ...more, status?.message ?? ""), incident: name };
    case "Superseded":
      return { ...ended(EXIT_CODES.overtaken, `${back}.`, status?.message ?? ""), incident: name };
    case "Held":
    case "RollingBack":
    case "Verifying": {
      const serving = rollout ? nameRevision(rollout.revision) : "the restored revision";
      return { is: "going", says: `${back}. Waiting for ${serving} to serve again.` };
    }
  }
}

function failure(rollout: Rollout, { spec }: IncidentView): string {
  return `${nameRevision(rollout.revision)} fails: ${spec.reason}: ${spec.message}.`;
}

/** What the Incident says of the cause, and why nothing is done. */
function whyAndWhat(incident: IncidentView): readonly string[] {
  const { brake } = incident.status ?? {};
  return [...causeLines(incident), ...(brake ? [`Nothing is done (${brake.reason}): ${brake.message}`] : [])];
}

function causeLines({ spec, status }: IncidentView): readonly string[] {
  const cause = spec.causes?.[0];
  const [kind, certainty] = [status?.cause ?? cause?.class, status?.certainty ?? cause?.certainty];
  const [why, remedy] = [status?.rootCause ?? cause?.message, status?.remedy ?? cause?.remedy];
  if (kind === undefined || kind === "Unknown" || why === undefined) return [];
  return [
    `Cause (${certainty ?? "Unknown"}): ${why}`,
    ...(remedy === undefined ? [] : [`Remedy: ${remedy}`]),
  ];
}

function sentenceOf(rollout: Rollout, { reason, message }: FailingFinding): string {
  return `${nameRevision(rollout.revision)} fails: ${reason}: ${message}`;
}

function beginning({ decision, deployment }: Look): string {
  if (deployment.isPaused) return "The Deployment is paused; nothing rolls out before it is resumed.";
  return decision.reason === "CreateFailed" ? decision.message : "A rollout begins.";
}

function counts({ desiredReplicas, updatedReplicas, availableReplicas, replicas, isPaused }: DeploymentView) {
  const old = replicas - updatedReplicas;
  const leaving = old > 0 ? `, ${old} old left` : "";
  const paused = isPaused ? "; the Deployment is paused" : "";
  return `${updatedReplicas} of ${desiredReplicas} updated, ${availableReplicas} available${leaving}${paused}`;
}

/** The sign of trouble that comes due first: "NotReady", and "12s of 45s". */
function pendingIn(findings: readonly Finding[], now: number) {
  const pending = findings
    .flatMap((finding) => (finding.verdict === "pending" ? [finding] : []))
    .sort((a, b) => (a.untilAt ?? Number.POSITIVE_INFINITY) - (b.untilAt ?? Number.POSITIVE_INFINITY));
  const [first] = pending;
  if (!first) return { says: "", ticks: undefined };
  const { reason, sinceAt, untilAt } = first;
  const limit = untilAt === undefined ? "" : ` of ${formatDuration(untilAt - sinceAt)}`;
  return { says: `; ${reason}`, ticks: `${spent(sinceAt, now)}${limit}` };
}

function spent(sinceAt: number, now: number): string {
  return formatDuration(Math.floor(Math.max(0, now - sinceAt) / 1_000) * 1_000);
}
