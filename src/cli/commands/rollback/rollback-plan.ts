// What a manual rollback changes, or why it is not possible. Pure.
import { phaseOf } from "../../../api/incident.ts";
import { templateChanges } from "../../../domain/changes/template-changes.ts";
import { historyOf, knownOf } from "../../../domain/history/history.ts";
import { incidentAbout, incidentRestoring } from "../../../domain/history/incident-roles.ts";
import { nameRevision } from "../../../domain/history/revisions.ts";
import type { Rollout } from "../../../domain/rollout/rollout.ts";
import type { RevisionView } from "../../../domain/snapshot/revision.ts";
import { CommandError, EXIT_CODES } from "../../exit-codes.ts";

export interface ManualPlan {
  readonly from: RevisionView;
  readonly to: RevisionView;
  /** What the rollback changes in the pod template, in lines. */
  readonly changes: readonly string[];
  /** What the person should know before. */
  readonly warnings: readonly string[];
}

/** Throws CommandError with what stands in the way, and what would clear it. */
export function planRollback(rollout: Rollout, toRevision: number | undefined): ManualPlan {
  const { workload, revision: from, snapshot } = rollout;
  const { name } = workload;
  const { namespace } = snapshot.guard;
  const busy = incidentRestoring(snapshot, from) ?? incidentAbout(snapshot, from);
  if (busy && phaseOf(busy) !== "Held") {
    throw new CommandError(
      `${nameRevision(busy.spec.failedRevision)} is being rolled back already: kubectl rolloutguard incidents ${busy.name} -n ${namespace}`,
      EXIT_CODES.overtaken,
    );
  }
  const isOwnPause = workload.pausedFor !== undefined || workload.frozenRevision !== undefined;
  if (workload.isPaused && !isOwnPause) {
    throw new CommandError(
      `Deployment ${name} is paused, so Kubernetes does not roll it back; resume it first: kubectl rollout resume deployment/${name} -n ${namespace}`,
      EXIT_CODES.failing,
    );
  }
  if (workload.veto !== undefined) {
    throw new CommandError(
      `a veto prevents the rollback (${workload.veto || "no reason given"}); remove it when it no longer applies: kubectl rolloutguard veto ${name} --remove -n ${namespace}`,
      EXIT_CODES.failing,
    );
  }
  const to = toRevision === undefined ? byItself(rollout) : byNumber(rollout, toRevision);
  return { from, to, changes: templateChanges(from, to), warnings: warningsOf(rollout, to) };
}

function byItself(rollout: Rollout): RevisionView {
  const { restore } = rollout;
  if ("revision" in restore) return restore.revision;
  const others = listed(rollout);
  throw new CommandError(
    others === ""
      ? "there is no other revision in the Deployment's history"
      : `no earlier revision is known to be good; pass one with --to-revision: ${others}`,
    EXIT_CODES.failing,
  );
}

function byNumber(rollout: Rollout, number: number): RevisionView {
  const { revision, snapshot } = rollout;
  if (revision.revision === number) {
    throw new CommandError(
      `revision ${number} is the current revision of the Deployment`,
      EXIT_CODES.failing,
    );
  }
  const found = snapshot.revisions.find((one) => one.revision === number && !one.isDeleting);
  if (found) return found;
  const others = listed(rollout);
  throw new CommandError(
    `there is no revision ${number} in the Deployment's history; ${others === "" ? "it has no other revision" : `it has ${others}`}`,
    EXIT_CODES.failing,
  );
}

const MOST_LISTED = 6;

/** "2 (shop:v2, Good), 1 (shop:v1)", newest first. */
function listed({ snapshot, revision }: Rollout): string {
  return snapshot.revisions
    .filter((one) => one.hash !== revision.hash && !one.isDeleting)
    .sort((a, b) => b.revision - a.revision)
    .slice(0, MOST_LISTED)
    .map((one) => {
      const verdict = knownOf(historyOf(snapshot), one.hash).verdict;
      return `${one.revision} (${[imageOf(one), ...(verdict ? [verdict] : [])].join(", ")})`;
    })
    .join(", ");
}

/** The image of its first container that is no init container. */
export function imageOf({ template }: RevisionView): string {
  return template.containers.find(({ kind }) => kind === "app")?.image ?? "no image";
}

function warningsOf(rollout: Rollout, to: RevisionView): string[] {
  const { snapshot, revision, workload } = rollout;
  const warnings: string[] = [];
  if (workload.isPaused && workload.pausedFor !== undefined) {
    warnings.push(
      `RolloutGuard paused the Deployment to stop the rollback of Incident ${workload.pausedFor}; this resumes it, and ends pods of the failed revision that still serve.`,
    );
  }
  if (knownOf(historyOf(snapshot), to.hash).verdict === "Bad") {
    warnings.push(`${nameRevision(to)} is known to be bad: it failed before.`);
  }
  if (to.contentKey === revision.contentKey) {
    warnings.push(
      `${nameRevision(to)} differs from the running revision only by a restart (kubectl rollout restart).`,
    );
  }
  if (knownOf(historyOf(snapshot), revision.hash).verdict === "Good") {
    warnings.push(
      `${nameRevision(revision)} is running and known to be good; the rollback marks it as bad until it has passed its bake time again.`,
    );
  }
  return warnings;
}
