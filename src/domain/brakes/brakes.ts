// What is right and what is allowed are separate: why a rollback that the checks call for is not made now. Pure.

import { formatDuration } from "../../api/duration.ts";
import { isByHand } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import type { Brake, FailingFinding } from "../decision.ts";
import { incidentAbout } from "../incidents/incident-roles.ts";
import { RECHECK_MS } from "../rollout/progress.ts";
import { nameRevision } from "../rollout/revisions.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { kubectlName } from "../workload/kubectl-name.ts";
import { isObserved } from "../workload/observed.ts";
import { whyGoingBackWouldNotHelp } from "./would-not-help.ts";

/** Either the way is free, to this revision, or a brake applies. */
export type Clearance = { readonly restore: RevisionView } | { readonly brake: Brake };

/**
 * The first brake that applies, in this order: what people decided; where there is nothing to go back to; where
 * it would not help; how often was enough.
 */
export function clearanceOf(rollout: Rollout, headline: FailingFinding, now: number): Clearance {
  const { workload, restore } = rollout;
  const decided = decidedByPeople(rollout);
  if (decided) return { brake: decided };
  if ("none" in restore) return { brake: { reason: restore.none, message: restore.message } };
  const useless = whyGoingBackWouldNotHelp(rollout, headline, restore.revision);
  // What lies outside the workload tells nobody when it ends: look again.
  if (useless) return { brake: { reason: "WouldNotHelp", message: useless, untilAt: now + RECHECK_MS } };
  if (!isObserved(workload)) {
    return {
      brake: {
        reason: "NewerRollout",
        message: `The ${workload.kind} has just been changed; that change is judged first.`,
      },
    };
  }
  const enough = enoughForNow(rollout, now);
  return enough ? { brake: enough } : { restore: restore.revision };
}

function decidedByPeople({ snapshot, workload, policy, revision }: Rollout): Brake | undefined {
  if (workload.veto !== undefined) {
    const reason = workload.veto === "" ? "no reason is given" : workload.veto;
    return { reason: "Veto", message: `A veto on rolling back ${nameRevision(revision)} is set: ${reason}` };
  }
  if (snapshot.surroundings.observeOnly) {
    return { reason: "ObserveMode", message: "The operator runs with --observe-only; nothing is changed." };
  }
  if (policy.spec.mode === "Observe") {
    return {
      reason: "ObserveMode",
      message: "The guard's mode is Observe; set spec.mode to Rollback to let it act.",
    };
  }
  if (workload.isPaused) {
    return {
      reason: "DeploymentPaused",
      message: `The ${workload.kind} is paused; after kubectl rollout resume ${kubectlName(workload)} the guard acts.`,
    };
  }
  return undefined;
}

function enoughForNow({ snapshot, policy, revision }: Rollout, now: number): Brake | undefined {
  const present = incidentAbout(snapshot, revision)?.name;
  const sentAts = snapshot.incidents
    .filter((incident) => incident.name !== present && !isByHand(incident))
    .flatMap(({ status }) => undoStep(status) ?? [])
    .map(({ startedAt }) => Date.parse(startedAt))
    .sort((a, b) => b - a);
  const { maxRollbacks } = policy.spec.limits;
  const recent = sentAts.filter((sentAt) => sentAt > now - policy.windowMs);
  if (recent.length >= maxRollbacks) {
    const decisive = recent[maxRollbacks - 1];
    return {
      reason: "RollbackLimitReached",
      message: `${recent.length} rollbacks within ${policy.spec.limits.window}; the limit is ${maxRollbacks}.`,
      untilAt: decisive === undefined ? undefined : decisive + policy.windowMs,
    };
  }
  const [latest] = sentAts;
  if (latest !== undefined && now < latest + policy.cooldownMs) {
    return {
      reason: "Cooldown",
      message: `The last rollback was less than ${formatDuration(policy.cooldownMs)} ago.`,
      untilAt: latest + policy.cooldownMs,
    };
  }
  return undefined;
}
