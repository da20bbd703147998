// What is done about a failing rollout: open an Incident, hold it, or go back. Intent first, then the act. Pure.
import { phaseOf } from "../../api/incident.ts";
import type { Clearance } from "../brakes/ordered-brakes.ts";
import type { Effect, FailingFinding, Finding, RollbackPlan } from "../decision.ts";
import { restoredHash } from "../history/incident-roles.ts";
import { nameRevision } from "../history/revisions.ts";
import type { Outcome } from "../outcome.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import type { RevisionView } from "../snapshot/revision.ts";
import { hold } from "./hold.ts";
import { incidentName } from "./incident-name.ts";
import { incidentSpec, transition } from "./incident-status.ts";
import { recovering } from "./recovering.ts";

/** What is wrong, and whether going back is allowed. */
export interface Failure {
  readonly headline: FailingFinding;
  readonly clearance: Clearance;
}

/** The rollout fails and nothing was recorded yet. */
export function openIncident(
  rollout: Rollout,
  { headline, clearance }: Failure,
  findings: readonly Finding[],
  now: number,
): Outcome {
  const action = "restore" in clearance ? "Undo" : "None";
  const name = incidentName(rollout.snapshot, rollout.revision);
  const spec = incidentSpec(rollout, headline, findings, action, now);
  const opened: Effect = { type: "openIncident", name, spec };
  if ("restore" in clearance) return goBack(rollout, clearance.restore, name, headline, findings, [opened]);
  const held = hold(rollout, { name, spec }, clearance.brake, findings, now);
  return { ...held, effects: [opened, ...held.effects] };
}

/** An Incident about this rollout is open: act when the way has become free, say why when it is not, end it when all is well. */
export function resumeIncident(
  rollout: Rollout,
  incident: IncidentView,
  failure: Failure | undefined,
  findings: readonly Finding[],
  now: number,
): Outcome {
  if (!failure) return recovering(rollout, incident, findings, now);
  const { clearance, headline } = failure;
  if ("brake" in clearance) return hold(rollout, incident, clearance.brake, findings, now);
  const { restore } = clearance;
  const isMeant = phaseOf(incident) === "Acting" && restoredHash(incident) === restore.hash;
  const undo = { startedAt: rfc3339(now), from: rollout.revision.hash, to: restore.hash };
  const intent = isMeant
    ? []
    : [
        transition(rollout, incident, "Acting", `Going back to ${nameRevision(restore)}.`, now, {
          undo,
        }),
      ];
  return goBack(rollout, restore, incident.name, headline, findings, intent);
}

/** The rollback, after the intent has been made durable. */
function goBack(
  rollout: Rollout,
  restore: RevisionView,
  incident: string,
  headline: FailingFinding,
  findings: readonly Finding[],
  intent: readonly Effect[],
): Outcome {
  const message = `Going back from ${nameRevision(rollout.revision)} to ${nameRevision(restore)}: ${headline.message}`;
  const effects: Effect[] = [...intent, { type: "rollBack", plan: planOf(rollout, restore, incident) }];
  return { phase: "RollingBack", reason: "RollingBack", message, findings, effects, wakeAts: [] };
}

/** The rollback from the present revision to that one. */
export function planOf(
  { workload, revision }: Rollout,
  restore: RevisionView,
  incident: string,
): RollbackPlan {
  return {
    workload: {
      kind: workload.kind,
      name: workload.name,
      uid: workload.uid,
      generation: workload.generation,
    },
    from: { hash: revision.hash, revision: revision.revision },
    to: { hash: restore.hash, revision: restore.revision, source: restore.source },
    incident,
  };
}
