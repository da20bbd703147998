// A rollback whose own pods do not start, while pods of the failed revision still serve: it is stopped by a pause, and the
// pause ends as soon as it is of no use. A rollback is a second rollout, and must not make things worse either. Pure.
import { isManual } from "../../api/incident.ts";
import { freezeStep, type IncidentStep } from "../../api/incident-step.ts";
import { type PauseOrResume, pauseChange } from "../effects/change.ts";
import { newestIncident, restoredHash } from "../history/incident-roles.ts";
import { nameRevision } from "../history/revisions.ts";
import { rfc3339 } from "../rfc3339.ts";
import { mayPause } from "../rollout/may-pause.ts";
import type { Rollout } from "../rollout/rollout.ts";
import { selects } from "../rollout/services.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { PodView } from "../snapshot/pod.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { kubectlName } from "../workload/kubectl-name.ts";
import { isObserved } from "../workload/observed.ts";

/** What flaps is neither up nor down: pods that were ready, or unready, for so long are. */
const STEADY_MS = 60_000;

/** An API server that refuses the pause for so long is not asked again: the Incident has to end. */
const LONGEST_TRY_MS = 60_000;

/** A pause that stops the rollback of an Incident. */
export interface Freeze {
  readonly step: IncidentStep;
  readonly change: PauseOrResume;
  /** For the Incident, before it is paused. */
  readonly message: string;
}

/**
 * The pause that stops the Incident's rollback, which has failed; undefined where it would save nothing, was made before, or is not
 * RolloutGuard's to make. With the strategy Recreate no pod of the failed revision is left. A person's resume wins: who has
 * taken the pause away is not paused again.
 */
export function freezeOf(rollout: Rollout, incident: IncidentView, now: number): Freeze | undefined {
  const { workload, revision } = rollout;
  const isTried = workload.isPaused || workload.pausedFor !== undefined;
  if (!canFreeze(rollout, incident) || isTried || !isObserved(workload)) return undefined;
  const meantAt = Date.parse(freezeStep(incident.status)?.startedAt ?? rfc3339(now));
  if (now - meantAt > LONGEST_TRY_MS) return undefined;
  const serving = servingPods(rollout, incident).filter(({ isReady }) => isReady);
  if (serving.length === 0 || areStarted(rollout, now)) return undefined;
  const from = incident.spec.failedRevision;
  const startedAt = rfc3339(meantAt);
  const object = { kind: workload.kind, name: workload.name };
  return {
    step: { action: "Freeze", object, from: from.hash, to: revision.hash, startedAt },
    change: pauseChange("pauseRollout", workload, { incident: incident.name }),
    message: `Stopping the rollback: the pods of ${nameRevision(revision)} do not start, and ${pods(serving)} of ${nameRevision(from)} still ${serving.length === 1 ? "serves" : "serve"} traffic.`,
  };
}

/** Whether the Incident's rollback is stopped at this moment. */
export function isFrozen({ workload }: Pick<Rollout, "workload">, incident: IncidentView): boolean {
  return workload.isPaused && workload.pausedFor === incident.name;
}

/** What that means, and how to continue. */
export function frozenText(rollout: Rollout, incident: IncidentView): string {
  const { workload, revision, snapshot } = rollout;
  const from = nameRevision(incident.spec.failedRevision);
  const resume = `kubectl rollout resume ${kubectlName(workload)} -n ${snapshot.guard.namespace}`;
  return (
    `The rollback is stopped: the ${workload.kind} is paused to keep ${pods(servingPods(rollout, incident))} of ${from} in service. ` +
    `RolloutGuard resumes it when the pods of ${nameRevision(revision)} are ready, when no pod of ${from} serves traffic any more, ` +
    `or when you apply another template. To continue the rollback now: ${resume}`
  );
}

/** What is to be done about a pause of RolloutGuard's own. */
export interface PauseReview {
  /** The pause has to go, or what a person's resume left of it. */
  readonly resume?: PauseOrResume | undefined;
  /** It can be of no use any more from then on (epoch ms). */
  readonly recheckAt?: number | undefined;
}

/**
 * Whether a pause of RolloutGuard's own is still of use. A new template would not roll out under it, so it ends when there is one,
 * whoever applied it; also where the guard must not roll back any more. Only an operator that must not change
 * anything leaves it.
 * @param rollout undefined while the workload's template has no revision
 */
export function reviewPause(snapshot: Snapshot, rollout: Rollout | undefined, now: number): PauseReview {
  const { workload, incidents, surroundings, guard } = snapshot;
  if (workload?.pausedFor === undefined || workload.isDeleting) return {};
  if (surroundings.observeOnly || guard.olderGuard !== undefined) return {};
  const incident = incidents.find(({ name }) => name === workload.pausedFor);
  const resume = pauseChange("resumeRollout", workload, { incident: workload.pausedFor });
  if (!rollout || !incident || !canFreeze(rollout, incident)) return { resume };
  // Its verification ends first, so that it is never stopped a second time.
  if (incident.status?.phase === "Verifying") return {};
  if (!workload.isPaused) return { resume };
  const serving = servingPods(rollout, incident);
  const lostAt = Math.max(...serving.map((pod) => (pod.isReady ? now : pod.readyChangedAt)));
  if (serving.length === 0 || now >= lostAt + STEADY_MS || areStarted(rollout, now)) return { resume };
  return { recheckAt: now + STEADY_MS };
}

/** The Incident's rollback is the last that was done, it stands, and the guard is to act on it. */
function canFreeze(rollout: Rollout, incident: IncidentView): boolean {
  const { revision, snapshot } = rollout;
  const phase = incident.status?.phase;
  const newest = newestIncident(snapshot.incidents);
  return (
    (phase === "Verifying" || phase === "NotRecovered") &&
    newest?.name === incident.name &&
    restoredHash(incident) === revision.hash &&
    mayPause(rollout) &&
    !isManual(incident)
  );
}

/** The pods of the failed revision behind the Services that count; where none does, all of them. */
function servingPods({ snapshot, services }: Rollout, { spec }: IncidentView): readonly PodView[] {
  const failed = snapshot.revisions.find(({ hash }) => hash === spec.failedRevision.hash);
  if (failed === undefined) return [];
  const isServed =
    services.length === 0 || services.some((service) => selects(service, failed.template.labels));
  return isServed ? snapshot.pods.filter((pod) => pod.revisionId === failed.id && !pod.isDeleting) : [];
}

/** All pods that the restored revision is to have now were ready for a while. */
function areStarted({ snapshot, revision }: Rollout, now: number): boolean {
  const own = snapshot.pods.filter((pod) => pod.revisionId === revision.id && !pod.isDeleting);
  return (
    own.length > 0 &&
    own.length >= revision.desiredReplicas &&
    own.every((pod) => pod.isReady && now - pod.readyChangedAt >= STEADY_MS)
  );
}

function pods(all: readonly PodView[]): string {
  const count = all.filter(({ isReady }) => isReady).length;
  return count === 1 ? "1 pod" : `${count} pods`;
}
