// Is there one Incident for each failed rollout, none for others, and did each come to its end? Pure.

import { undoStep } from "../../../src/api/incident-step.ts";
import type { Circumstances } from "./circumstances.ts";
import {
  ENDED,
  incidentsAbout,
  isInProgress,
  type Life,
  PROOF_MS,
  proofMs,
  type RecordedIncident,
  type Rollout,
  restoredMs,
} from "./life.ts";
import type { Violation } from "./violation.ts";

/** An operator's clock may be ahead by so much. */
const CLOCK_MS = 3_000;

export function judgeIncidents(life: Life, circumstances: Circumstances): readonly Violation[] {
  const about = new Map(
    life.rollouts.map((rollout) => [rollout, incidentsAbout(life, rollout, circumstances.startAt)] as const),
  );
  const known = new Set([...about.values()].flat());
  return [
    ...life.incidents.flatMap((incident) => [
      ...(known.has(incident) ? [] : [say(incident, "false alarm", "is about no rollout that there was")]),
      ...judgeStory(life, incident, circumstances.startAt),
    ]),
    ...life.rollouts.flatMap((rollout, index) =>
      judgeRollout(life, rollout, index, about.get(rollout) ?? []),
    ),
  ];
}

function judgeRollout(
  life: Life,
  rollout: Rollout,
  index: number,
  incidents: readonly RecordedIncident[],
): readonly Violation[] {
  const { version, toMs } = rollout;
  const { first, others } = sinceAdmission(life, incidents);
  const violations: Violation[] = others.map((incident) =>
    say(incident, "twice", `is the second about the same rollout of ${version.tag}`),
  );
  if (first !== undefined && version.truth === "good") {
    violations.push(say(first, "false alarm", `is about ${version.tag}, which is good (${version.kind})`));
  }
  const next = life.rollouts[index + 1];
  if (next?.by !== "operator" || next.deployment !== rollout.deployment) return violations;
  if (first === undefined) {
    violations.push({
      rule: "lost",
      atMs: toMs,
      what: `there is no Incident about ${version.tag}, which was undone`,
    });
  } else if (isRecoveredTooSoon(first, next)) {
    violations.push(
      say(first, "wrong end", `ended as Recovered before ${next.version.tag} had proven itself`),
    );
  } else if (first.phases.at(-1)?.phase === "NotRecovered") {
    violations.push(say(first, "wrong end", `ended as NotRecovered, though ${next.version.tag} is good`));
  } else if (isWronglySuperseded(life, first, next)) {
    violations.push(say(first, "wrong end", `ended as Superseded, though ${next.version.tag} served again`));
  }
  return violations;
}

/**
 * The Incident that tells the end of a rollout, and those that are one too many. What admission adds at an update that left the
 * template alone (somebody scales, or resumes) makes new pods of another revision: that is a rollout of its own, of the same version.
 */
function sinceAdmission({ admittedMs }: Life, incidents: readonly RecordedIncident[]) {
  const stretchOf = ({ phases }: RecordedIncident) =>
    admittedMs.filter((atMs) => atMs <= (phases[0]?.atMs ?? 0)).length;
  const stretches = [...Map.groupBy(incidents, stretchOf).values()];
  const others = stretches.flatMap((each) => each.slice(1));
  return { first: stretches.at(-1)?.[0], others };
}

/** So long after it happened an operator has told of it. */
const TOLD_MS = 10_000;

/** Superseded is what served again and was not changed any more, not even by admission. */
function isWronglySuperseded(life: Life, { phases }: RecordedIncident, restored: Rollout): boolean {
  const last = phases.at(-1);
  if (last?.phase !== "Superseded" || !wasClearlyRestored(life, restored)) return false;
  return !life.admittedMs.some((atMs) => atMs <= last.atMs && last.atMs <= atMs + TOLD_MS);
}

function isRecoveredTooSoon({ phases }: RecordedIncident, restored: Rollout): boolean {
  const recovered = phases.find(({ phase }) => phase === "Recovered");
  return recovered !== undefined && recovered.atMs - restored.fromMs < PROOF_MS - CLOCK_MS;
}

function wasClearlyRestored(life: Life, restored: Rollout): boolean {
  const { fromMs, toMs, complete } = restored;
  const neededMs = restoredMs(life, restored) + proofMs(life, restored);
  return toMs - fromMs > neededMs + 60_000 && complete.some((each) => each.toMs - each.fromMs > neededMs);
}

/**
 * Whether the Incident was one too many: it had ended, so many newer ones that have ended are left as the guard is to
 * keep, and its rollback counts towards no limit any more.
 */
function isClearedAway(
  { incidents, plan }: Life,
  { spec, status }: RecordedIncident,
  startAt: number,
  atMs: number,
): boolean {
  const { incidentHistoryLimit, windowMs, cooldownMs } = plan.guard;
  const kept = incidents.filter(({ spec: other, phases }) => {
    const reported = phases.filter((each) => each.atMs <= atMs).at(-1)?.phase;
    const isNewer = Date.parse(other.detectedAt) > Date.parse(spec.detectedAt);
    return isNewer && reported !== undefined && reported !== "deleted" && ENDED.has(reported);
  });
  const rolledBackAt = Date.parse(undoStep(status)?.startedAt ?? "");
  const countsNoMore = !(startAt + atMs - rolledBackAt < Math.max(windowMs, cooldownMs) - CLOCK_MS);
  return kept.length >= incidentHistoryLimit && countsNoMore;
}

/** The Incident's own story: an end is an end, nothing is deleted, and open is only what still fails. */
function judgeStory(life: Life, incident: RecordedIncident, startAt: number): readonly Violation[] {
  const { phases, spec } = incident;
  const endIndex = phases.findIndex(({ phase }) => ENDED.has(phase));
  const after = (endIndex === -1 ? [] : phases.slice(endIndex + 1)).filter(
    ({ phase, atMs }) => !(phase === "deleted" && isClearedAway(life, incident, startAt, atMs)),
  );
  // What serves late has recovered all the same.
  if (phases[endIndex]?.phase === "NotRecovered" && after[0]?.phase === "Recovered") after.shift();
  const violations = after.map(({ phase, atMs }) => ({
    ...say(incident, phase === "deleted" ? "lost" : "wrong end", `became ${phase} after its end`),
    atMs,
  }));
  if (phases[endIndex]?.phase === "deleted")
    violations.push(say(incident, "lost", "was deleted while it was open"));
  const last = phases.at(-1);
  if (last === undefined || ENDED.has(last.phase) || isInProgress(life, incident)) return violations;
  const present = life.rollouts.at(-1);
  const isPresent =
    present?.version.truth === "bad" &&
    present.by !== "operator" &&
    present.toMs === life.endMs &&
    spec.failedRevision.images.some((image) => image.endsWith(`:${present.version.tag}`));
  if (!isPresent || last.phase !== "Held") {
    const gone = life.hasGuard ? "" : " (its guard was deleted)";
    violations.push(say(incident, "stuck", `is ${last.phase} at the end${gone}`));
  }
  return violations;
}

function say({ name, phases }: RecordedIncident, rule: string, what: string): Violation {
  return { rule, atMs: phases.at(-1)?.atMs ?? 0, what: `Incident ${name} ${what}` };
}
