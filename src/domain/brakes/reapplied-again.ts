// The same release was rolled back and put back, and this happened before: another rollback would only go on with it. Pure.
import { isManual } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import { ledgerOf } from "../history/history.ts";
import { endedRollbacks, newestOpen, wasSent } from "../history/incident-roles.ts";
import { isReleaseOf } from "../history/known-bad.ts";
import { capital, nameRevision } from "../history/revisions.ts";
import { writersSince } from "../history/template-writers.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { BrakeRule } from "./brake-rule.ts";

/** Once it can be an accident or an impatient person; whoever does it again does it on purpose, or knows no better. */
const MOST_ROLLBACKS = 2;

export const reappliedAgain: BrakeRule = (rollout) => {
  const { workload, revision } = rollout;
  const rollbacks = rollbacksInARow(rollout);
  const [last] = rollbacks;
  if (last === undefined || rollbacks.length < MOST_ROLLBACKS) return undefined;
  const writers = writersSince(workload, Date.parse(undoStep(last.status)?.startedAt ?? ""));
  const by = writers.length > 0 ? ` by ${writers.join(" and ")}` : "";
  return {
    reason: "ReappliedAgain",
    message:
      `${capital(nameRevision(revision))} was rolled back ${rollbacks.length} times and was applied again${by}. ` +
      "Another rollback would not last: stop what applies this revision, or deploy another one.",
  };
};

/** The rollbacks of this release since another revision was good, or this one, the latest first. */
function rollbacksInARow({ snapshot, revision }: Rollout): readonly IncidentView[] {
  // The Incident of the last one may be ended in this very pass.
  const putBack = newestOpen(snapshot).filter(
    (incident) => wasSent(snapshot, incident) && !isManual(incident),
  );
  const rollbacks = [...putBack, ...endedRollbacks(snapshot)].filter((incident) =>
    isReleaseOf(snapshot, incident, revision),
  );
  const restored = new Set(rollbacks.map(({ status }) => undoStep(status)?.to));
  const goodAts = ledgerOf(snapshot)
    .filter(({ verdict, hash }) => verdict === "Good" && !restored.has(hash))
    .map(({ since }) => Date.parse(since));
  const countsFrom = Math.max(0, ...goodAts);
  return rollbacks.filter(({ spec }) => Date.parse(spec.detectedAt) > countsFrom);
}
