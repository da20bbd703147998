// The guard's conditions: Ready says whether it can do its work, Healthy what it thinks of the rollout. Pure.
import { type Condition, setCondition } from "../../api/condition.ts";
import type { GuardPhase } from "../../api/rollout-guard.ts";
import { rfc3339 } from "../incidents/incident-status.ts";
import type { Outcome } from "../outcome.ts";
import type { Snapshot } from "../snapshot.ts";

const HEALTHY: Readonly<Record<GuardPhase, Condition["status"]>> = {
  Waiting: "Unknown",
  NotEvaluated: "Unknown",
  Progressing: "Unknown",
  Baking: "True",
  Healthy: "True",
  Failing: "False",
  RollingBack: "False",
  NotRecovered: "False",
};

/** The conditions after an outcome; a repeated verdict keeps its transition time. */
export function conditionsOf({ guard }: Snapshot, outcome: Outcome, now: number): Condition[] {
  const { phase, reason, message } = outcome;
  const isReady = phase !== "Waiting";
  const observedGeneration = guard.generation;
  const ready = isReady
    ? { status: "True" as const, reason: "Watching", message: "The guard watches its Deployment." }
    : { status: "False" as const, reason, message };
  const before = guard.status.conditions ?? [];
  const withReady = setCondition(before, { type: "Ready", observedGeneration, ...ready }, rfc3339(now));
  return setCondition(
    withReady,
    { type: "Healthy", status: HEALTHY[phase], observedGeneration, reason, message: message.slice(0, 2_000) },
    rfc3339(now),
  );
}
