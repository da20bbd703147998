// What is done about a failing rollout: open an Incident, hold it, or act. Intent first, then the act. Pure.
import { phaseOf } from "../../api/incident.ts";
import type { ActionPlan } from "../actions/action.ts";
import { GUARD_ACTION } from "../actions/actions.ts";
import type { Clearance } from "../brakes/ordered-brakes.ts";
import type { Brake, FailingFinding, Finding } from "../decision.ts";
import { changeEffect, type Effect, openIncidentEffect } from "../effects/effect.ts";
import { restoredHash } from "../history/incident-roles.ts";
import type { Outcome } from "../outcome.ts";
import { questionsToRecord } from "../questions/ordered-questions.ts";
import { rfc3339 } from "../rfc3339.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { IncidentView } from "../snapshot/incident.ts";
import { hold } from "./hold.ts";
import { incidentName } from "./incident-name.ts";
import { incidentSpec, transition } from "./incident-status.ts";
import { recovering } from "./recovering.ts";

/** What is wrong, and whether acting is allowed. */
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
  const name = incidentName(rollout.snapshot, rollout.revision);
  const plan = planFor(rollout, clearance, name);
  const action = "brake" in plan ? "None" : GUARD_ACTION.name;
  const spec = incidentSpec(rollout, headline, findings, action, now);
  const opened = openIncidentEffect(name, spec);
  const questions = questionsToRecord(rollout, headline.pods);
  if (!("brake" in plan)) return { ...act(plan, headline, findings, [opened]), questions };
  const held = hold(rollout, { name, spec }, plan.brake, findings, now);
  return { ...held, effects: [opened, ...held.effects], questions };
}

/** An Incident about this rollout is open: act when no brake applies any more, say why when one does, end it when all is well. */
export function resumeIncident(
  rollout: Rollout,
  incident: IncidentView,
  failure: Failure | undefined,
  findings: readonly Finding[],
  now: number,
): Outcome {
  if (!failure) return recovering(rollout, incident, findings, now);
  const plan = planFor(rollout, failure.clearance, incident.name);
  if ("brake" in plan) return hold(rollout, incident, plan.brake, findings, now);
  const brakeSoFar = phaseOf(incident) === "Held" ? incident.status?.brake : undefined;
  if (brakeSoFar !== undefined && isRecounted(incident, findings)) {
    return hold(rollout, incident, brakeSoFar, findings, now);
  }
  const isMeant = isDeclared(incident) && restoredHash(incident) === plan.step.to;
  const step = { ...plan.step, startedAt: rfc3339(now) };
  const intent = isMeant ? [] : [transition(rollout, incident, "Acting", plan.intent, now, { step })];
  return act(plan, failure.headline, findings, intent);
}

/** Whether the Incident says already that it acts. One that was refused still says so: it was declared before it was sent. */
function isDeclared(incident: IncidentView): boolean {
  return phaseOf(incident) === "Acting" || incident.status?.brake?.reason === "Refused";
}

/**
 * What the Incident was opened for is seen, and its patience runs again: after a restart of the operator, for one. Another
 * finding says nothing of whether the way back helps against this one.
 */
function isRecounted({ spec }: IncidentView, findings: readonly Finding[]): boolean {
  const [first] = spec.findings;
  return findings.some(({ check, verdict }) => check === first?.check && verdict === "pending");
}

/** What the guard's action would do, or the brake that keeps it from it. */
function planFor(
  rollout: Rollout,
  clearance: Clearance,
  incident: string,
): ActionPlan | { readonly brake: Brake } {
  if ("brake" in clearance) return clearance;
  const plan = GUARD_ACTION.plan(rollout, incident);
  return "impossible" in plan ? { brake: plan.impossible } : plan;
}

/** The action, after the intent has been made durable. */
function act(
  { changes, summary }: ActionPlan,
  headline: FailingFinding,
  findings: readonly Finding[],
  intent: readonly Effect[],
): Outcome {
  const message = `${summary}: ${headline.message}`;
  const effects = [...intent, ...changes.map(changeEffect)];
  return { phase: "RollingBack", reason: "RollingBack", message, findings, effects, wakeAts: [] };
}
