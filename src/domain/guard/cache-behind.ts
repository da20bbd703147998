// Until when what is seen can be older than what Incidents tell: a watch has died and nobody has noticed yet. Pure.
import { isOpen } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import { isBeyond } from "../history/implausible.ts";
import { unseenUntil } from "../plausible.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";

/** Until when nothing can be said because something of it is not seen yet; undefined when nothing is missing. */
export function cacheBehindUntil(snapshot: Snapshot, now: number): number | undefined {
  return latest([
    ...behindRollbackUntil(snapshot, now),
    ...behindRolloutUntil(snapshot, now),
    ...behindEndUntil(snapshot, now),
  ]);
}

/**
 * The workload can be seen as it was before a rollback of which an Incident tells already: its watch has died
 * and nobody has noticed yet. What happened since is not known, so nothing is said.
 */
function behindRollbackUntil({ workload, incidents }: Snapshot, now: number): readonly number[] {
  return incidents.flatMap(({ spec, status }) => {
    const step = undoStep(status);
    if (step === undefined || workload === undefined || spec.target.uid !== workload.uid) return [];
    return isBeyond(step, workload) ? until(Date.parse(step.startedAt), now) : [];
  });
}

/**
 * An open Incident can be about a rollout that is not seen yet: another operator has seen it. It would look as if somebody had gone
 * back to the revision before.
 */
function behindRolloutUntil({ workload, incidents, revisions }: Snapshot, now: number): readonly number[] {
  const newest = Math.max(0, ...revisions.map(({ revision }) => revision));
  return incidents
    .filter((incident) => isOpen(incident) && incident.spec.target.uid === workload?.uid)
    .filter(({ spec }) => spec.failedRevision.revision > newest)
    .flatMap(({ spec, createdAt }) => until(createdAt ?? Date.parse(spec.detectedAt), now));
}

/**
 * The Incident that the guard has counted as ended can be seen as open because its watch is behind: nothing can be
 * said then.
 */
function behindEndUntil({ guard, incidents }: Snapshot, now: number): readonly number[] {
  const { lastIncident, activeIncident, phase } = guard.status;
  const last = incidents.find(({ name }) => name === lastIncident);
  if (last === undefined || activeIncident !== undefined || phase === "Waiting" || !isOpen(last)) return [];
  return until(Date.parse(last.status?.timeline.at(-1)?.at ?? last.spec.detectedAt), now);
}

function until(at: number, now: number): readonly number[] {
  const unseen = unseenUntil(at, now);
  return unseen === undefined ? [] : [unseen];
}

function latest(untils: readonly number[]): number | undefined {
  return untils.length > 0 ? Math.max(...untils) : undefined;
}
