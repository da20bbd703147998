// How often was enough: rollbacks within a window, and the time since the last one. Pure.

import { formatDuration } from "../../api/duration.ts";
import { isManual } from "../../api/incident.ts";
import { undoStep } from "../../api/incident-step.ts";
import { incidentAbout, unnotedRollback } from "../history/incident-roles.ts";
import { liesAhead } from "../plausible.ts";
import type { Rollout } from "../rollout/rollout.ts";
import type { BrakeRule } from "./brake-rule.ts";

export const rollbackLimit: BrakeRule = (rollout, _headline, now) => {
  const { policy } = rollout;
  const { maxRollbacks, window } = policy.spec.limits;
  const recent = sentAts(rollout, now).filter((sentAt) => sentAt > now - policy.windowMs);
  if (recent.length < maxRollbacks) return undefined;
  const decisive = recent[maxRollbacks - 1];
  return {
    reason: "RollbackLimitReached",
    message: `${recent.length} rollbacks within ${window}; the limit is ${maxRollbacks}.`,
    untilAt: decisive === undefined ? undefined : decisive + policy.windowMs,
  };
};

export const cooldown: BrakeRule = (rollout, _headline, now) => {
  const { cooldownMs } = rollout.policy;
  const [latest] = sentAts(rollout, now);
  if (latest === undefined || now >= latest + cooldownMs) return undefined;
  return {
    reason: "Cooldown",
    message: `The last rollback was less than ${formatDuration(cooldownMs)} ago.`,
    untilAt: latest + cooldownMs,
  };
};

/** When the guard's other rollbacks were sent, the latest first; one that was sent in the future was not sent. */
function sentAts({ snapshot, revision }: Rollout, now: number): readonly number[] {
  const present = incidentAbout(snapshot, revision)?.name;
  return snapshot.incidents
    .filter((incident) => incident.name !== present && !isManual(incident))
    .flatMap((incident) => {
      const step = unnotedRollback(snapshot, incident) ?? undoStep(incident.status);
      return step ? [Date.parse(step.startedAt)] : [];
    })
    .filter((sentAt) => !liesAhead(sentAt, now))
    .sort((a, b) => b - a);
}
