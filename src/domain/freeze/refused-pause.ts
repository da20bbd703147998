// The API server refuses RolloutGuard's own pause, or its end: everything else is decided meanwhile, and the guard says so. Pure.
import { ANNOTATIONS } from "../../api/group.ts";
import { freezeStep } from "../../api/incident-step.ts";
import { newestIncident } from "../history/incident-roles.ts";
import type { Outcome } from "../outcome.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { WorkloadView } from "../snapshot/workload.ts";
import { kubectlName } from "../workload/kubectl-name.ts";

/**
 * Until when the workload is neither paused nor resumed, because the API server has refused that (epoch ms); undefined when it can be.
 * Who changes the workload can have ended the refusal, so a fix does not wait.
 */
export function pauseRefusedUntil({ workload, surroundings }: Snapshot, now: number): number | undefined {
  const { refusedPause: refused } = surroundings;
  if (refused?.uid !== workload?.uid || refused?.generation !== workload?.generation) return undefined;
  return refused && now < refused.retryAt ? refused.retryAt : undefined;
}

/** The outcome without a pause or resume that would be refused; it is decided again when that can be sent. */
export function withoutRefusedPause(snapshot: Snapshot, outcome: Outcome, now: number): Outcome {
  const untilAt = pauseRefusedUntil(snapshot, now);
  const effects = outcome.effects.filter(
    (effect) => effect.type !== "change" || effect.change.do === "restoreTemplate",
  );
  if (untilAt === undefined || effects.length === outcome.effects.length) return outcome;
  return { ...outcome, effects, wakeAts: [...outcome.wakeAts, untilAt] };
}

/** What is refused, what a person can do, and the API server's words; undefined once it is not wanted any more. */
export function refusedPauseSentence({
  guard,
  workload,
  incidents,
  surroundings,
}: Snapshot): string | undefined {
  const { refusedPause: refused } = surroundings;
  if (refused === undefined || refused.uid !== workload?.uid) return undefined;
  const to = `${kubectlName(workload)} -n ${guard.namespace}`;
  const end = `The API server says: ${refused.why}`;
  if (refused.do === "pauseRollout") {
    const newest = newestIncident(incidents);
    const isMeant =
      (guard.status.freeze?.state === "Pausing" && guard.status.freeze.revision === refused.of) ||
      (newest?.name === refused.of &&
        newest.status?.phase === "Verifying" &&
        freezeStep(newest.status) !== undefined);
    return isMeant && !workload.isPaused
      ? `The API server refuses to pause the ${workload.kind}; RolloutGuard retries it. To pause it now: kubectl rollout pause ${to}. ${end}`
      : undefined;
  }
  const mark = markOf(workload, refused.of);
  if (mark === undefined) return undefined;
  return workload.isPaused
    ? `The API server refuses to resume the ${workload.kind}, which RolloutGuard paused; RolloutGuard retries it. To resume it now: kubectl rollout resume ${to}. ${end}`
    : `The ${workload.kind} is resumed, but the API server refuses to remove RolloutGuard's annotation; RolloutGuard retries it. To remove it now: kubectl annotate ${to} ${mark}-. ${end}`;
}

/** The annotation of the pause that is not gone yet. */
function markOf({ frozenRevision, pausedFor }: WorkloadView, of: string): string | undefined {
  if (frozenRevision === of) return ANNOTATIONS.frozenRevision;
  return pausedFor === of ? ANNOTATIONS.pausedFor : undefined;
}
