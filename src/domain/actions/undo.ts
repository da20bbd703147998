// Undo: restore the pod template of an earlier revision, as kubectl rollout undo does. Pure.
import { undoStep } from "../../api/incident-step.ts";
import { leftBehindAdvice } from "../changes/left-behind.ts";
import { runChecks } from "../checks/ordered-checks.ts";
import type { RestoreTemplate } from "../effects/change.ts";
import { knownOf } from "../history/history.ts";
import { isRestoring, restoredHash, rollbackSentAt } from "../history/incident-roles.ts";
import { capital, nameRevision } from "../history/revisions.ts";
import { rolledBack } from "../notices/events.ts";
import { dueTimes } from "../outcome.ts";
import { questionsToDecide } from "../questions/ordered-questions.ts";
import { rfc3339 } from "../rfc3339.ts";
import { RECHECK_MS } from "../rollout/progress.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { servingSince } from "../rollout/serving.ts";
import { GROUNDS, type Ground } from "../snapshot/ground.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import type { Action } from "./action.ts";
import { otherThanMeant } from "./as-meant.ts";

export const undo: Action = {
  name: "Undo",

  plan(rollout, incident) {
    const { revision, restore, workload } = rollout;
    if ("none" in restore) return { impossible: { reason: restore.none, message: restore.message } };
    const to = restore.revision;
    return {
      changes: [restoreTemplate(rollout, to, incident)],
      step: {
        action: "Undo",
        object: { kind: workload.kind, name: workload.name },
        from: revision.hash,
        to: to.hash,
      },
      intent: `Rolling back to ${nameRevision(to)}.`,
      summary: `Rolling back from ${nameRevision(revision)} to ${nameRevision(to)}`,
    };
  },

  isSent({ snapshot, revision }, incident) {
    return isRestoring(snapshot, revision, incident);
  },

  sent({ snapshot, revision, workload }, incident, now) {
    const from = incident.spec.failedRevision;
    const failed = snapshot.revisions.find(({ hash }) => hash === from.hash);
    const isAsMeant = restoredHash(incident) === revision.hash;
    const admitted = isAsMeant ? "" : ", as admission changed the restored template";
    return {
      step: {
        action: "Undo",
        object: { kind: workload.kind, name: workload.name },
        from: from.hash,
        to: revision.hash,
        startedAt: rfc3339(rollbackSentAt(snapshot, incident) ?? now),
        generation: workload.generation,
      },
      message: `Rolled back from ${nameRevision(from)} to ${nameRevision(revision)}${admitted}; waiting for service to recover.`,
      event: rolledBack(incident, revision),
      advice: leftBehindAdvice(workload, revision, failed),
    };
  },

  verify(rollout, incident, now) {
    const { workload, revision } = rollout;
    const name = capital(restoredName(rollout, incident));
    const failed = (why: string, restsOn: readonly Ground[]) =>
      ({ is: "failed", message: `${name} was restored but is still not serving: ${why}.`, restsOn }) as const;
    const sentAt = Date.parse(undoStep(incident.status)?.startedAt ?? incident.spec.detectedAt);
    const verified = asRestored(rollout, incident, sentAt);
    const findings = runChecks(verified, now);
    const failing = findings.find((finding) => finding.verdict === "failing");
    if (failing) return failed(failing.message, failing.restsOn);
    const questions = questionsToDecide(verified, now);
    const sinceAt = servingSince(verified, sentAt);
    const isClean = findings.every(({ verdict }) => verdict !== "pending");
    if (sinceAt !== undefined && isClean) {
      const summary = `${capital(nameRevision(revision))} is serving again`;
      const message = `${name} is serving again${otherThanMeant(rollout, incident, sentAt)}.`;
      return { is: "serving", sinceAt, message, summary, findings, questions };
    }
    const deadlineAt = verified.progressedAt + workload.progressDeadlineSeconds * 1_000;
    if (sinceAt === undefined && now >= deadlineAt) {
      return failed(
        `${workload.availableReplicas} of ${workload.desiredReplicas} pods are available`,
        GROUNDS,
      );
    }
    const message = `Waiting for ${nameRevision(revision)} to serve again.`;
    // A crash that is over leaves its sign for a while, and nothing happens when that goes.
    const recheckAts = sinceAt === undefined ? [] : [now + RECHECK_MS];
    return {
      is: "waiting",
      message,
      findings,
      questions,
      wakeAts: [...dueTimes(findings), deadlineAt, ...recheckAts],
    };
  },
};

/** The change that restores a revision; a person can choose another one than the guard would. */
export function restoreTemplate(
  { workload, revision }: Rollout,
  to: RevisionView,
  incident: string,
): RestoreTemplate {
  return {
    do: "restoreTemplate",
    on: { kind: workload.kind, name: workload.name },
    expect: { uid: workload.uid, generation: workload.generation },
    from: { hash: revision.hash, revision: revision.revision },
    to: { hash: to.hash, revision: to.revision, source: to.source },
    incident,
  };
}

/**
 * The restored revision is judged like a new one, from the rollback on: without a baseline, but compared with how it was
 * before.
 */
function asRestored(rollout: Rollout, { spec }: IncidentView, startedAt: number): Rollout {
  const { history, revision, progressedAt } = rollout;
  const meant = spec.restoreRevision?.hash ?? revision.hash;
  return {
    ...rollout,
    startedAt,
    progressedAt: Math.max(startedAt, progressedAt),
    completedAt: undefined,
    baseline: undefined,
    reference: { revision, endAt: Date.parse(spec.rolloutStartedAt) },
    before: knownOf(history, revision.hash).entry ?? knownOf(history, meant).entry,
  };
}

/** Undo renumbers: the restored revision has a new number, and people know it by the old one. What admission made is new. */
function restoredName({ revision }: Rollout, { spec }: IncidentView): string {
  const { hash, revision: former } = spec.restoreRevision ?? {};
  const name = nameRevision(revision);
  return hash !== revision.hash || former === revision.revision
    ? name
    : `${name}, formerly revision ${former},`;
}
